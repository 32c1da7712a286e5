import { InvokeCommand } from '@aws-sdk/client-lambda';
import type { TestStage } from './test-stage.ts';

/** Runs the sweep now, beside its schedule, as an administrator may; done when it is. */
export const sweepNow = async ({ lambda, outputs }: TestStage): Promise<void> => {
  const { FunctionError, Payload } = await lambda.send(new InvokeCommand({ FunctionName: outputs.SweepName }));
  if (FunctionError) throw new Error(Buffer.from(Payload ?? []).toString());
};
