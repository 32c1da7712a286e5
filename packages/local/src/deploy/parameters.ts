import type { Template, TemplateParameter } from './template.ts';

/** Written by the CDK into every stack for the rule about its bootstrap stack, and used by nothing else. */
const BOOTSTRAP_VERSION = 'BootstrapVersion';

const READERS: Readonly<Record<string, (value: unknown) => unknown>> = {
  String: String,
  Number: String,
  CommaDelimitedList: (value) =>
    String(value)
      .split(',')
      .map((item) => item.trim()),
};

/** The values of a template's parameters: their defaults, as the stage is given none. */
export const parametersOf = (template: Template, refuse: (reason: string) => void): ReadonlyMap<string, unknown> => {
  const own = Object.entries(template.Parameters ?? {}).filter(([name]) => name !== BOOTSTRAP_VERSION);
  return new Map(own.map(([name, parameter]) => [name, valueOf(name, parameter, refuse)]));
};

const valueOf = (name: string, { Type, Default }: TemplateParameter, refuse: (reason: string) => void): unknown => {
  const read = READERS[Type];
  if (!read) refuse(`parameter ${name} has the type ${Type}, which is not supported`);
  else if (Default === undefined) refuse(`parameter ${name} has no default, and the stage takes no parameter values`);
  return read && Default !== undefined ? read(Default) : name;
};
