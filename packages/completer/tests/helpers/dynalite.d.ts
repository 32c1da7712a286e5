/** dynalite brings no types of its own; these are the parts that the tests use. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** A server not yet listening; its tables are in memory only. */
  export default function dynalite(options?: { createTableMs?: number }): Server;
}
