import type { Deployment } from './deployment.ts';
import type { RequestIdentity } from './request-identity.ts';
import type { FunctionName } from './schedule.ts';

/** One invocation of a function. Each has a sandbox of its own: what a handler keeps between two is no part of the proof. */
export class Sandbox {
  readonly name: string;
  readonly of: FunctionName;
  /** False once it has answered, crashed or been stopped at its deadline: then it sends nothing, and hears nothing. */
  alive = true;
  /** Bodies of the requests that met a fault: what they are about, the function may leave undone. */
  readonly faulted: string[] = [];
  /** For an invoker: the request that it carries out. */
  readonly request: RequestIdentity | undefined;
  readonly deployment: Deployment;
  onCrash: () => void = () => {};

  constructor(of: FunctionName, number: number, deployment: Deployment, request?: RequestIdentity) {
    this.of = of;
    this.name = `${of}-${number}`;
    this.deployment = deployment;
    this.request = request;
  }

  get timeoutMs(): number {
    return this.deployment.timeoutMs[this.of];
  }

  crash(): void {
    if (this.alive) this.onCrash();
  }
}
