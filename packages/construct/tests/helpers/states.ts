import aslValidator from 'asl-validator';
import type { Stack } from 'aws-cdk-lib';
import { type IChainable, type QueryLanguage, StateGraph } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { ITaskerTarget, SfnRedshiftTasker } from 'sfn-redshift-tasker';
import { addTasker, newStack } from './synth.ts';

/** A state as its machine's definition has it; what CloudFormation fills in stands as `<LogicalId.Attribute>`. */
export interface State {
  readonly Resource: string;
  readonly Retry: readonly { readonly ErrorEquals: readonly string[] }[];
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly Arguments?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

export interface Definition {
  readonly States: Readonly<Record<string, State>>;
  readonly [field: string]: unknown;
}

/** The definition of a machine that does this. */
export const definitionOf = (stack: Stack, does: IChainable, queryLanguage?: QueryLanguage): Definition => ({
  ...(queryLanguage && { QueryLanguage: queryLanguage }),
  ...(filledIn(stack.resolve(new StateGraph(does.startState, 'the test').toGraphJson(queryLanguage))) as Definition),
});

/** What the validator of definitions has to say against one. */
export const problemsOf = (definition: Definition): readonly unknown[] =>
  aslValidator(structuredClone(definition), { checkPaths: true, checkArn: false }).errors;

/** Makes states of one tasker, which is made once. */
export const stateMaker = <P>(
  make: (tasker: SfnRedshiftTasker & ITaskerTarget, scope: Construct, props: P) => IChainable,
) => {
  const stack = newStack();
  const tasker = addTasker(stack);
  let cases = 0;
  return (props: P, queryLanguage?: QueryLanguage): State => {
    const does = make(tasker, new Construct(stack, `Case${cases++}`), props);
    const { States } = definitionOf(stack, does, queryLanguage);
    const [state, ...more] = Object.values(States);
    if (!state || more.length > 0) throw new Error(`${more.length + 1} states`);
    return state;
  };
};

/** What the state sends to the function. */
export const requestOf = ({ Parameters, Arguments }: State): Readonly<Record<string, unknown>> => {
  const sent: Readonly<Record<string, unknown>> = Parameters ?? Arguments ?? {};
  return (sent['Payload'] ?? sent) as Readonly<Record<string, unknown>>;
};

const filledIn = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(filledIn);
  if (typeof value !== 'object' || value === null) return value;
  const { 'Fn::Join': join, 'Fn::GetAtt': attribute, Ref: ref, ...rest } = value as Intrinsics;
  if (join) return join[1].map(filledIn).join('');
  if (attribute) return `<${attribute.join('.')}>`;
  if (ref) return `<${ref}>`;
  return Object.fromEntries(Object.entries(rest).map(([name, part]) => [name, filledIn(part)]));
};

interface Intrinsics {
  readonly 'Fn::Join'?: readonly [string, readonly unknown[]];
  readonly 'Fn::GetAtt'?: readonly string[];
  readonly Ref?: string;
}
