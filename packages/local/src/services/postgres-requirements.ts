/** MERGE and the regular expression functions came with it. */
const OLDEST_VERSION = 15;

/** What a server says of itself and of who asks. */
export interface ServerFacts {
  readonly isSuperuser: boolean;
  /** As `server_version_num` has it: 150018 is 15.18. */
  readonly versionNumber: number;
}

/** Why the stage cannot use a server, in one line; undefined where it can. */
export const shortcomingOf = ({ isSuperuser, versionNumber }: ServerFacts, shownUrl: string): string | undefined => {
  const version = Math.floor(versionNumber / 10_000);
  if (version < OLDEST_VERSION)
    return `The PostgreSQL at ${shownUrl} is version ${version}; the stage needs ${OLDEST_VERSION} or newer`;
  return isSuperuser ? undefined : `The user of ${shownUrl} is not a superuser of that server`;
};
