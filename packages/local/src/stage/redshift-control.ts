import type { RedshiftData } from '../redshift-data/index.ts';
import type { StatementScript } from '../redshift-data/scripts/script.ts';
import type { ScriptHandle } from '../redshift-data/scripts/scripts.ts';
import type { StatementRecord } from '../redshift-data/statement-record.ts';

/** Steers the Redshift Data API from a test. */
export interface RedshiftControl {
  /**
   * Decides beforehand what becomes of statements with matching SQL. Of several scripts that match, the one that was given first is
   * played, until it has had its uses or is removed.
   *
   * @throws AwsError `ValidationException` naming what is wrong with the script
   */
  script(script: StatementScript): ScriptHandle;
  /** Removes all scripts; statements that are being played go on. */
  clearScripts(): void;
  /** Every statement that the Data API has taken, whoever started it, in that order; until it expires a day after its end. */
  statements(): readonly StatementRecord[];
}

export const redshiftControl = (redshift: Pick<RedshiftData, 'scripts' | 'statements'>): RedshiftControl => ({
  script: (script) => redshift.scripts.add(script),
  clearScripts: () => redshift.scripts.clear(),
  statements: () => redshift.statements(),
});
