import type { IntegrationPattern } from 'aws-cdk-lib/aws-stepfunctions';
import type { RedshiftResult } from '../redshift-result';
import type { RedshiftTaskBinding } from '../redshift-start-options';
import { checkHas } from './check-type';
import { checkWaits } from './invoker-state';

interface Props extends RedshiftTaskBinding {
  readonly result?: RedshiftResult;
}

/**
 * What a state that starts something asks of the rows. The tasker may do it from here on.
 * @throws Error where nobody waits for them.
 */
export const resultOf = (state: string, props: Props, pattern: IntegrationPattern): RedshiftResult | undefined => {
  const { result, tasker } = props;
  if (result === undefined) return undefined;
  checkHas(`${state}: result`, result, 'a RedshiftResult', '_bind');
  checkWaits(state, props, pattern, ['result']);
  result._bind(tasker);
  return result;
};
