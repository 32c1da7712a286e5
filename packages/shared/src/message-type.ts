/** Whether it is a message of ours of that type; what else it holds is not looked at. */
export const isOfType = (message: unknown, type: string): boolean =>
  typeof message === 'object' && message !== null && (message as { type?: unknown }).type === type;
