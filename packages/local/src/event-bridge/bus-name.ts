/** Whether a bus is the default one: named, by ARN, or left out. */
export const isDefaultBus = (name: unknown): boolean =>
  name === undefined || (typeof name === 'string' && /^(?:.*:event-bus\/)?default$/.test(name));
