import type { TaskPlan } from './schedule.ts';

/** A request for a statement, as whoever asks means it. */
export interface RequestIdentity {
  /** What makes two invocations one request: the task token; without one, the Lambda request id. */
  readonly identity: string;
  /** What makes two requests attempts of one task (a Map's iterations share it); they may share a statement. */
  readonly chain: string;
  /** Which attempt: those of a redriven execution come after all before. The first is 0. */
  readonly rank: number;
  readonly task: TaskPlan;
  /** Which of the schedule's tasks. */
  readonly index: number;
}

/** Whether a request may be given the statement that `starter` has executed: its own; for a retry, its chain's; its key's. */
export const mayHave = (request: RequestIdentity, starter: RequestIdentity): boolean =>
  request.identity === starter.identity ||
  (request.chain === starter.chain && (request.rank > 0 || request.task.sharesKey));

/** Requests of which only one statement may come. */
export const unitOf = ({ identity, chain, task }: RequestIdentity): string => (task.sharesKey ? chain : identity);
