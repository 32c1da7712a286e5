import type { RedshiftData } from '../redshift-data/index.ts';
import type { StatementScript } from '../redshift-data/scripts/script.ts';
import type { ScriptHandle } from '../redshift-data/scripts/scripts.ts';

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
}

export const redshiftControl = ({ scripts }: Pick<RedshiftData, 'scripts'>): RedshiftControl => ({
  script: (script) => scripts.add(script),
  clearScripts: () => scripts.clear(),
});
