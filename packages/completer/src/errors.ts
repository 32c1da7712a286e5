import { TaskerError } from '@sfn-redshift/shared';

/**
 * The item is not what this build's contract says. Retryable: a newer invoker may have written it, which a newer
 * completer will read; until then the dead-letter queue keeps the message.
 */
export class UnreadableItem extends TaskerError {
  override readonly name = 'UnreadableItem';
  readonly retryable = true;
}

/** Other attempts took the statement over again and again while it was being settled; later it will stand still. */
export class ItemKeepsChanging extends TaskerError {
  override readonly name = 'ItemKeepsChanging';
  readonly retryable = true;
}

/** The invocation is about to end; what is not settled by now comes back. */
export class TimeUp extends TaskerError {
  override readonly name = 'TimeUp';
  readonly retryable = true;
}

/** A call was held back by us, so that the account's quota is not exceeded: it would have had to wait too long. */
export class HeldBack extends TaskerError {
  override readonly name = 'HeldBack';
  readonly retryable = true;
}
