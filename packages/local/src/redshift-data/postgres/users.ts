import { randomBytes } from 'node:crypto';
import { escapeIdentifier, escapeLiteral } from 'pg';
import { RedshiftError } from '../errors.ts';
import type { Admin } from './admin.ts';

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** Set on roles that stages have made, so that no other role of a server is ever used: it may be a superuser. */
const MARK = 'Database user of sfn-redshift-local';
const LONGEST_NAME = 63;

/**
 * The database users, made when first named. A statement logs in as a role of this stage's own whose only right is to be
 * the user: SQL can leave the user's role (`RESET ROLE`) and has won nothing. The user's role may be shared with other
 * stages on the server; it cannot log in, and databases let in login roles only.
 */
export class DatabaseUsers {
  readonly #admin: Admin;
  readonly #made = new Map<string, Promise<Login>>();
  #count = 0;

  constructor(admin: Admin) {
    this.#admin = admin;
  }

  ensure(user: string): Promise<Login> {
    const known = this.#made.get(user);
    if (known) return known;
    const name = `redshift_${this.#admin.stageId}_${++this.#count}`;
    const login = { user: name, password: randomBytes(24).toString('hex') };
    const making = this.#make(user, login).then(() => login);
    this.#made.set(user, making);
    making.catch(() => this.#made.delete(user));
    return making;
  }

  /** Removes the logins, and the users that no other stage has a login for. To be called when the databases are gone. */
  async drop(): Promise<void> {
    for (const [user, made] of this.#made) {
      const login = await made.catch(() => undefined);
      if (login) await this.#admin.exclusively(dropRole(login.user), dropUnused(user));
    }
    this.#made.clear();
  }

  async #make(user: string, login: Login): Promise<void> {
    if (Buffer.byteLength(user) > LONGEST_NAME)
      throw new RedshiftError(
        `ERROR: a database user's name of more than ${LONGEST_NAME} bytes is not supported by the local stage`,
      );
    await this.#admin.exclusively(
      createUnlessMade(user),
      `create role ${escapeIdentifier(login.user)} login password ${escapeLiteral(login.password)} in role ${escapeIdentifier(user)}`,
      `alter role ${escapeIdentifier(login.user)} set role to ${escapeLiteral(user)}`,
    );
  }
}

const createUnlessMade = (user: string): string =>
  block(`
    if exists (select from pg_roles where rolname = ${escapeLiteral(user)}) then
      if ${markOf(user)} is distinct from ${escapeLiteral(MARK)} then
        raise exception 'database user % is a role of the PostgreSQL server that no stage has made', ${escapeLiteral(user)};
      end if;
    else
      create role ${escapeIdentifier(user)} nologin;
      comment on role ${escapeIdentifier(user)} is ${escapeLiteral(MARK)};
    end if;`);

const dropRole = (role: string): string => `drop role if exists ${escapeIdentifier(role)}`;

/** A role may also own something in a database that is not the stages'; then it stays. */
const dropUnused = (user: string): string =>
  block(`
    if ${markOf(user)} = ${escapeLiteral(MARK)}
      and not exists (select from pg_auth_members where roleid = (select oid from pg_roles where rolname = ${escapeLiteral(user)}))
    then
      drop role ${escapeIdentifier(user)};
    end if;
  exception when dependent_objects_still_exist then null;`);

const markOf = (user: string): string =>
  `(select shobj_description(oid, 'pg_authid') from pg_roles where rolname = ${escapeLiteral(user)})`;

const block = (body: string): string => `do ${escapeLiteral(`begin ${body} end`)}`;
