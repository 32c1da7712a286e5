/** Something in the data that cannot be loaded. */
export class LoadError extends Error {
  override readonly name = 'LoadError';
}
