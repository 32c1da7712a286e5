const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

const CHARACTERS = Object.fromEntries(Object.entries(ENTITIES).map(([character, entity]) => [entity, character]));

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

export const unescaped = (text: string): string =>
  text.replace(/&(?:amp|lt|gt|quot|apos);/g, (entity) => CHARACTERS[entity] ?? entity);

/** An element; an object becomes children, undefined nothing. */
export const element = (name: string, value: unknown, attributes = ''): string => {
  if (value === undefined) return '';
  return `<${name}${attributes}>${content(value)}</${name}>`;
};

const content = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? Object.entries(value)
        .map(([name, child]) => element(name, child))
        .join('')
    : escaped(String(value));

export const document = (root: string): string => `<?xml version="1.0" encoding="UTF-8"?>\n${root}`;
