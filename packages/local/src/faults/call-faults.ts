import { AwsError } from '../common/aws-error.ts';
import type { Clock } from '../common/clock.ts';
import type { ApiCall, ServiceReply } from '../common/service.ts';
import type { CallingFunction, CallingFunctions } from '../lambda/calling-functions.ts';
import type { CallFault } from './fault.ts';
import type { Faults } from './faults.ts';
import { matchesText, namesOf } from './matching.ts';
import { NoAnswer } from './no-answer.ts';
import { serverErrorOf, throttleOf } from './service-errors.ts';

/** The fault that a call has met. */
export interface MetFault {
  readonly id: string;
  /** To be done once the answer is sent. */
  readonly afterwards?: () => void;
}

/** The faults that befall calls. */
export class CallFaults {
  readonly #faults: Faults;
  readonly #clock: Clock;
  readonly #functions: CallingFunctions;
  readonly #closing = new AbortController();

  constructor(deps: { readonly faults: Faults; readonly clock: Clock; readonly functions: CallingFunctions }) {
    this.#faults = deps.faults;
    this.#clock = deps.clock;
    this.#functions = deps.functions;
  }

  /**
   * Performs a call, or does not, as the faults will have it. What comes after the call comes whether it has succeeded or not.
   *
   * @param note told which fault hits, before it does
   * @throws NoAnswer when the caller is to get none; AwsError as the fault says; whatever `perform` throws
   */
  async perform(
    call: ApiCall,
    perform: () => Promise<ServiceReply>,
    note: (met: MetFault) => void,
  ): Promise<ServiceReply> {
    const calling = this.#functions.of(call.caller);
    // The dead call nobody.
    if (calling?.isDying) throw new NoAnswer();
    const { hit } = this.#faults.meet('call', (fault) => isFor(fault, call, calling));
    if (!hit) return perform();
    const { when = 'before' } = hit.fault;
    note({ id: hit.id, ...(when === 'answered' && { afterwards: () => calling?.kill() }) });
    if (when === 'before') await this.#apply(hit.fault, call, calling);
    try {
      return await perform();
    } finally {
      if (when === 'after') await this.#apply(hit.fault, call, calling);
      // From here on nothing else that the function sends is heard; it is killed when it has its answer.
      if (when === 'answered') calling?.doom();
    }
  }

  /** Ends what waits. */
  close(): void {
    this.#closing.abort();
  }

  async #apply(fault: CallFault, call: ApiCall, calling: CallingFunction | undefined): Promise<void> {
    switch (fault.do) {
      case 'fail':
        throw worded(fault, new AwsError('InternalFailure', 'The stage was asked to let this call fail.'));
      case 'throttle':
        throw worded(fault, throttleOf(call));
      case 'serverError':
        throw worded(fault, serverErrorOf(call));
      case 'disconnect':
        throw new NoAnswer();
      case 'hang':
        return this.#untilGone(call);
      case 'delay':
        return this.#clock.sleep(fault.delayMs ?? 0, this.#closing.signal);
      case 'kill':
        calling?.kill();
        throw new NoAnswer();
    }
  }

  /** Until the caller waits no more. */
  #untilGone({ http }: ApiCall): Promise<never> {
    const gone = AbortSignal.any([this.#closing.signal, ...(http?.signal ? [http.signal] : [])]);
    return new Promise((_, reject) => {
      if (gone.aborted) reject(new NoAnswer());
      gone.addEventListener('abort', () => reject(new NoAnswer()), { once: true });
    });
  }
}

const isFor = (fault: CallFault, call: ApiCall, calling: CallingFunction | undefined): boolean =>
  (fault.do !== 'kill' || calling !== undefined) &&
  (fault.service === undefined || fault.service === call.service) &&
  matchesText(fault.operation, call.operation) &&
  (fault.caller === undefined || matchesText(fault.caller, ...namesOf(call.caller, calling?.functionName)));

const worded = ({ error, status, message }: CallFault, usual: AwsError): AwsError =>
  new AwsError(error ?? usual.code, message ?? usual.message, {
    status: status ?? usual.status,
    members: usual.members,
  });
