import { ArnFormat, type Stack } from 'aws-cdk-lib';
import { checkText } from './validation';

// What CreateStateMachine accepts, and our asterisk.
const NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/]{1,80}\*?$/;

/** @throws Error naming the property. */
export const checkStateMachineNames = (property: string, names: string[]): void => {
  if (names.length === 0)
    throw new Error(`${property}: ofStateMachines must be given at least one name; received none`);
  const rule = 'must be the name of a state machine, or the beginning of one and an asterisk';
  for (const name of names) checkText(property, name, NAME, rule);
};

/** The children of a Distributed Map say that they are of `NAME/LABEL`. */
export const patternOfStateMachines = (stack: Stack, names: string[]) => ({
  stateMachineArn: names.flatMap((name) => {
    if (name.endsWith('*')) return [{ prefix: arnOf(stack, name.slice(0, -1)) }];
    return [arnOf(stack, name), { prefix: `${arnOf(stack, name)}/` }];
  }),
});

const arnOf = (stack: Stack, name: string): string =>
  stack.formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: name,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
