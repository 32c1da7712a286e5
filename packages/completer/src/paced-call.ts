import pThrottle from 'p-throttle';
import { HeldBack } from './errors.ts';

/** How often a call may be made. */
export interface Pace {
  /** Of which call; for messages. */
  readonly name: string;
  /** Most calls that begin within a second; less than one: so many of a call. */
  readonly perSecond: number;
  /** As many may wait for their turn. Those beyond it are for whoever asked to keep. */
  readonly maxWaiting: number;
}

/**
 * The call, made no oftener than that.
 * @param goesOn whether a call belongs to what has begun, and waits however long
 * @throws HeldBack where it would have to wait too long
 */
export const pacedCall = <T extends readonly unknown[], R>(
  { name, perSecond, maxWaiting }: Pace,
  call: (...args: T) => Promise<R>,
  goesOn: (...args: T) => boolean = () => false,
): ((...args: T) => Promise<R>) => {
  const [limit, interval] = perSecond < 1 ? [1, Math.ceil(1_000 / perSecond)] : [Math.floor(perSecond), 1_000];
  const paced = pThrottle({ limit, interval, strict: true })((...args: T) => call(...args));
  return async (...args) => {
    if (paced.queueSize >= maxWaiting && !goesOn(...args))
      throw new HeldBack(`${name}: too many calls wait for their turn`);
    return await paced(...args);
  };
};
