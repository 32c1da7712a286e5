import { InvokeCommand } from '@aws-sdk/client-lambda';
import type { TestStage } from './test-stage.ts';

/** What the invoker answered; with `FunctionError`, the error as Lambda writes it. */
export interface Invoked {
  readonly FunctionError: string | undefined;
  readonly answer: Readonly<Record<string, unknown>>;
}

/** Calls the invoker as an administrator of the account would. */
export const invoke = async ({ lambda, outputs }: TestStage, payload: unknown): Promise<Invoked> => {
  const command = new InvokeCommand({ FunctionName: outputs.InvokerName, Payload: JSON.stringify(payload) });
  const { Payload, FunctionError } = await lambda.send(command);
  const answer = JSON.parse(Buffer.from(Payload ?? []).toString()) as Record<string, unknown>;
  return { FunctionError, answer };
};
