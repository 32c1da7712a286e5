import { AwsError } from '../common/aws-error.ts';
import { fillTemplate, type InputTemplate, parseInputTemplate } from './input-template.ts';
import { type JsonPath, parseJsonPath, valueAt } from './json-path.ts';
import type { Rule } from './rule.ts';

export type Event = Readonly<Record<string, unknown>>;

/** An event on its way to the targets of a rule. */
export interface Delivered {
  readonly event: Event;
  readonly rule: Pick<Rule, 'name' | 'arn'>;
  /** When the bus got the event, ISO 8601. */
  readonly ingestionTime: string;
}

/** What a target gets instead of the event: a constant, a part of the event, or a text made from it. */
export type TargetInput = { readonly fields: TargetInputFields } & (
  | { readonly kind: 'constant'; readonly text: string }
  | { readonly kind: 'path'; readonly path: JsonPath }
  | { readonly kind: 'template'; readonly template: InputTemplate }
);

/** The fields of a target that say what it gets, as the API has them. */
export interface TargetInputFields {
  readonly Input?: string | undefined;
  readonly InputPath?: string | undefined;
  readonly InputTransformer?:
    | { readonly InputPathsMap?: Readonly<Record<string, string>>; readonly InputTemplate: string }
    | undefined;
}

/** @throws AwsError `ValidationException` when there is more than one of them, or one cannot be read */
export const parseTargetInput = (targetId: string, fields: TargetInputFields): TargetInput | undefined => {
  const { Input, InputPath, InputTransformer } = fields;
  if ([Input, InputPath, InputTransformer].filter((field) => field !== undefined).length > 1)
    throw invalid(`Only one of Input, InputPath, or InputTransformer must be provided for target ${targetId}.`);
  if (Input !== undefined) return { kind: 'constant', text: checkedJson(targetId, Input), fields };
  if (InputPath !== undefined) {
    const path = parseJsonPath(InputPath);
    if (!path) throw invalid(`Invalid InputPath for target ${targetId} : ${InputPath}.`);
    return { kind: 'path', path, fields };
  }
  if (!InputTransformer) return undefined;
  const { InputPathsMap = {}, InputTemplate } = InputTransformer;
  return { kind: 'template', template: parseInputTemplate(targetId, InputPathsMap, InputTemplate), fields };
};

/** The text that a target gets. */
export const inputFor = (input: TargetInput | undefined, delivered: Delivered): string => {
  switch (input?.kind) {
    case undefined:
      return JSON.stringify(delivered.event);
    case 'constant':
      return input.text;
    case 'path':
      return JSON.stringify(valueAt(input.path, delivered.event) ?? null);
    case 'template':
      return fillTemplate(input.template, delivered);
  }
};

const checkedJson = (targetId: string, text: string): string => {
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    throw invalid(`JSON syntax error in input for target ${targetId} : ${error instanceof Error ? error.message : ''}`);
  }
};

const invalid = (message: string): AwsError => new AwsError('ValidationException', message);
