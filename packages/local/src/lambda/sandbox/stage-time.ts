/**
 * Makes `Date` show the stage's time in this thread, as a machine's clock would: handlers and SDKs read no other.
 *
 * @param offset milliseconds ahead of wall time, shared by the stage's clock
 */
export const followStageTime = (offset: SharedArrayBuffer): void => {
  const wallTime = Date;
  const ahead = new BigInt64Array(offset);
  const now = (): number => wallTime.now() + Number(Atomics.load(ahead, 0));
  globalThis.Date = new Proxy(wallTime, {
    apply: () => new wallTime(now()).toString(),
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length > 0 ? args : [now()], newTarget) as Date,
    get: (target, key, receiver) => (key === 'now' ? now : (Reflect.get(target, key, receiver) as unknown)),
  });
};
