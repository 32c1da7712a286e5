const NESTED = /:states:startExecution\.sync(?::2)?$/;

/** Has a state machine's definition, at whatever depth, a state that waits for an execution it starts? */
export const waitsForNested = (definition: string): boolean => {
  let found = false;
  JSON.parse(definition, (field, value: unknown) => {
    found ||= field === 'Resource' && typeof value === 'string' && NESTED.test(value);
    return value;
  });
  return found;
};
