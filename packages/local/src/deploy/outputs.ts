import { reasonOf } from './deployment-error.ts';
import { NO_VALUE, resolve, type Scope, TemplateError } from './intrinsics.ts';
import { UNRESOLVED } from './property-values.ts';
import type { Template, TemplateOutput } from './template.ts';

/** What a stack tells the outside. */
export interface StackOutputs {
  /** Without those that are not known yet. */
  readonly outputs: Readonly<Record<string, string>>;
  /** By export name. */
  readonly exports: ReadonlyMap<string, unknown>;
}

/** @param refuse takes what is wrong, by the name of the output */
export const stackOutputs = (
  template: Template,
  scope: Scope,
  refuse: (output: string, reason: string) => void,
): StackOutputs => {
  const outputs: Record<string, string> = {};
  const exports = new Map<string, unknown>();
  for (const [name, output] of Object.entries(template.Outputs ?? {})) {
    try {
      if (output.Condition !== undefined && !scope.condition(output.Condition)) continue;
      addOutput(name, output, scope, { outputs, exports });
    } catch (error) {
      refuse(name, reasonOf(error));
    }
  }
  return { outputs, exports };
};

const addOutput = (
  name: string,
  { Value, Export }: TemplateOutput,
  scope: Scope,
  { outputs, exports }: { outputs: Record<string, string>; exports: Map<string, unknown> },
): void => {
  const value = resolve(Value, scope);
  if (value !== NO_VALUE && value !== UNRESOLVED) outputs[name] = outputText(value);
  if (Export) exports.set(String(resolve(Export.Name, scope)), value);
};

/** CloudFormation's outputs are texts. */
const outputText = (value: unknown): string => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TemplateError(`an output must be a text, got ${JSON.stringify(value)}`);
};
