import { IntegrationPattern } from 'aws-cdk-lib/aws-stepfunctions';
import type { RedshiftResult } from '../redshift-result';
import type { RedshiftTaskBinding } from '../redshift-start-options';
import { refuse } from './validation';

interface Props extends RedshiftTaskBinding {
  readonly result?: RedshiftResult;
}

/**
 * What a state that starts something asks of the rows. The tasker may do it from here on.
 * @throws Error where nobody waits for them.
 */
export const resultOf = (
  state: string,
  { result, tasker }: Props,
  pattern: IntegrationPattern,
): RedshiftResult | undefined => {
  if (result && pattern !== IntegrationPattern.RUN_JOB) {
    refuse(`${state}: result`, 'needs a state that waits: integrationPattern RUN_JOB', pattern);
  }
  result?._bind(tasker);
  return result;
};
