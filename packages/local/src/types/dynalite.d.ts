/** dynalite brings no types of its own; these are the parts that the stage uses. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface DynaliteOptions {
    /** How long tables stay CREATING, DELETING and UPDATING; 500 each by default. */
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
  }

  /** A server not yet listening; without a path its tables are in memory only. */
  export default function dynalite(options?: DynaliteOptions): Server;
}
