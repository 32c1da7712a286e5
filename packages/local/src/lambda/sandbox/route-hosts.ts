import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import tls from 'node:tls';

/** Hosts of AWS's own services, among them those of CloudFormation's response URLs. */
const AWS_HOST = /(?:^|\.)amazonaws\.com(?:\.cn)?$/i;

const HTTPS_PORT = 443;
const HTTP_PORT = 80;

interface Target {
  readonly host?: string | undefined;
  readonly port?: number | string | undefined;
  /** A connection that there is already. */
  readonly socket?: unknown;
}

type Connect = (this: unknown, ...args: unknown[]) => net.Socket;

/**
 * Leads connections for AWS's hosts to the stage, below HTTP: whatever sends a request, through `node:https`, `node:http`, `fetch` or a library
 * of its own, sends the same bytes as to AWS, and the `Host` header tells the stage whom they were meant for. HTTPS is spoken without TLS, which
 * is all that changes. Other hosts and other ports (databases) are left alone; so is HTTP/2.
 *
 * @param endpoint of the stage, `http://127.0.0.1:PORT`
 */
export const routeHosts = (endpoint: string): void => {
  const stage = new URL(endpoint);
  const plain = net.connect;
  const toStage = () => plain({ host: stage.hostname, port: Number(stage.port) });
  const routed = (connect: Connect, port: number, reach: () => net.Socket): Connect =>
    // An agent's method needs its agent.
    function (...args) {
      const target = targetOf(args);
      const isAws = !target.socket && Number(target.port) === port && AWS_HOST.test(target.host ?? '');
      return isAws ? listening(reach(), args.at(-1)) : connect.apply(this, args);
    };
  const secure = () => asSecure(toStage());
  tls.connect = routed(tls.connect as Connect, HTTPS_PORT, secure) as typeof tls.connect;
  net.connect = routed(plain as Connect, HTTP_PORT, toStage);
  net.createConnection = net.connect;
  const agent = http.Agent.prototype as unknown as { createConnection: Connect };
  agent.createConnection = routed(agent.createConnection, HTTP_PORT, toStage);
  // For code that imports these functions by name.
  syncBuiltinESMExports();
};

/** `(options)`, `(port, host, options)` or `(port, options)`, each with a callback or without. */
const targetOf = ([first, second, third]: readonly unknown[]): Target => {
  if (typeof first === 'object' && first !== null) return first;
  const options = typeof second === 'object' ? second : typeof third === 'object' ? third : undefined;
  return { ...options, port: first as number, ...(typeof second === 'string' ? { host: second } : {}) };
};

/** What a client asks of a TLS connection before it trusts it. */
const asSecure = (socket: net.Socket): net.Socket => {
  Object.assign(socket, { encrypted: true, authorized: true, alpnProtocol: false });
  return socket.once('connect', () => socket.emit('secureConnect'));
};

/** A callback waits for `connect`, or for `secureConnect`, which comes right after it. */
const listening = (socket: net.Socket, callback: unknown): net.Socket =>
  typeof callback === 'function' ? socket.once('connect', callback as () => void) : socket;
