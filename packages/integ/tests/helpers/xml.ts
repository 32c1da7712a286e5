import { SaxesParser } from 'saxes';

/** An element, and the text right in it. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

/** Every element of a document, in order. Throws where it is not well-formed. */
export const elementsOf = (document: string): readonly Element[] => {
  const parser = new SaxesParser();
  const [elements, open]: [Element[], Element[]] = [[], []];
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes, text: '' };
    elements.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    const element = open.at(-1);
    if (element) element.text += text;
  });
  parser.on('closetag', () => open.pop());
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(document).close();
  return elements;
};
