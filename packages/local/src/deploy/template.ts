/** A CloudFormation template, as far as the stage reads it. */
export interface Template {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Outputs?: Readonly<Record<string, TemplateOutput>>;
  readonly Rules?: Readonly<Record<string, unknown>>;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

export interface TemplateParameter {
  readonly Type: string;
  readonly Default?: unknown;
}

export interface TemplateOutput {
  readonly Value: unknown;
  readonly Condition?: string;
  readonly Export?: { readonly Name: unknown };
}

const SECTIONS = new Set([
  'AWSTemplateFormatVersion',
  'Conditions',
  'Description',
  'Mappings',
  'Metadata',
  'Outputs',
  'Parameters',
  'Resources',
  'Rules',
]);

/** Written by the CDK into every stack: it guards the bootstrap stack, which the stage neither has nor needs. */
const BOOTSTRAP_RULE = 'CheckBootstrapVersion';

/** The sections of a template that the stage cannot honour. */
export const refusedSections = (template: Template): string[] => [
  ...Object.keys(template)
    .filter((name) => !SECTIONS.has(name))
    .map((name) => `template section ${name}`),
  ...Object.keys(template.Rules ?? {})
    .filter((name) => name !== BOOTSTRAP_RULE)
    .map((name) => `rule ${name}`),
];
