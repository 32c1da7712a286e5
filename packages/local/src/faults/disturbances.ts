import type { Clock } from '../common/clock.ts';
import type { Service } from '../common/service.ts';
import type { StagePaths } from '../gateway/stage-paths.ts';
import { CallingFunctions } from '../lambda/calling-functions.ts';
import { EventLog } from '../observation/event-log.ts';
import { eventsResource } from '../observation/events-resource.ts';
import { MessageLog } from '../observation/message-log.ts';
import { messagesResource } from '../observation/messages-resource.ts';
import { CallFaults } from './call-faults.ts';
import { EventFaults } from './event-faults.ts';
import { Faults } from './faults.ts';
import { faultsResource } from './faults-resource.ts';
import { FaultyQueues } from './faulty-queues.ts';
import { Transits } from './transits.ts';

/** All that goes wrong on a stage on request, and the records of what events and messages have met. */
export class Disturbances {
  readonly faults: Faults;
  /** The sandboxes of functions, as callers. */
  readonly functions = new CallingFunctions();
  readonly callFaults: CallFaults;
  readonly eventLog = new EventLog();
  readonly messageLog = new MessageLog();
  /** What events pass on the bus. */
  readonly eventTraffic: EventFaults;
  readonly #clock: Clock;
  readonly #transits: Transits;
  #queues: FaultyQueues | undefined;

  /** @throws AwsError `ValidationException` when the seed is no whole number */
  constructor({ clock, seed }: { readonly clock: Clock; readonly seed?: number | undefined }) {
    this.#clock = clock;
    this.faults = new Faults({ seed });
    const common = { faults: this.faults, clock, functions: this.functions };
    this.callFaults = new CallFaults(common);
    this.#transits = new Transits(common);
    this.eventTraffic = new EventFaults({ clock, transits: this.#transits, events: this.eventLog });
  }

  /** SQS, with messages that the faults can reach. */
  queues(sqs: Service): Service {
    const deps = { clock: this.#clock, transits: this.#transits, messages: this.messageLog };
    this.#queues = new FaultyQueues({ sqs, ...deps });
    return this.#queues;
  }

  /**
   * Makes what consumers hold of a queue visible again, as if the visibility timeout of all of it were over: SQS is on wall time.
   *
   * @param queue name or URL
   * @returns how many messages that were
   */
  makeVisible(queue: string): Promise<number> {
    return this.#queues?.makeVisible(queue) ?? Promise.resolve(0);
  }

  reserve(paths: StagePaths): void {
    paths.reserve('faults', faultsResource(this.faults));
    paths.reserve('events', eventsResource(this.eventLog));
    paths.reserve(
      'messages',
      messagesResource(this.messageLog, (queue) => this.makeVisible(queue)),
    );
  }
}
