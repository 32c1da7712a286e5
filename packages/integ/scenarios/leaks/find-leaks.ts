import type { ToldText } from './told-texts.ts';

/** What must not be told. */
export interface Secret {
  readonly name: string;
  readonly text: string | RegExp;
  /**
   * Where it may stand.
   *
   * @default nowhere
   */
  readonly allowedIn?: ToldText['kind'];
}

/** A secret that was told: its name, not its text. */
export interface Leak {
  readonly secret: string;
  readonly kind: ToldText['kind'];
  readonly where: string;
}

/** Every text in which a secret stands that must not. */
export const findLeaks = (secrets: readonly Secret[], texts: readonly ToldText[]): readonly Leak[] =>
  secrets.flatMap(({ name, text, allowedIn }) =>
    texts
      .filter((told) => told.kind !== allowedIn && stands(text, told.text))
      .map(({ kind, where }) => ({ secret: name, kind, where })),
  );

const stands = (secret: string | RegExp, text: string): boolean =>
  typeof secret === 'string' ? text.includes(secret) : secret.test(text);
