import type { CloudwatchLogsExportConfiguration } from '@aws-sdk/client-rds';
import type { AwsCommand, Change } from '../../rule';

/** The command that turns the export of some logs on, or of some off. */
export type Turn = (configuration: CloudwatchLogsExportConfiguration) => AwsCommand;

/** The change that exports what is wished and not exported yet, and leaves all other exports as they are; none where nothing is missing. */
export function exporting(exported: readonly string[], wished: readonly string[], turn: Turn): readonly Change[] {
  const missing = wished.filter((log) => !exported.includes(log)).toSorted();
  return missing.length === 0 ? [] : [{ do: turn({ EnableLogTypes: missing }), undo: turn({ DisableLogTypes: missing }) }];
}

/** The command that ends the exports which a fix began, as far as nobody else has. */
export function endingOwn(
  { before, after, now }: Readonly<Record<'before' | 'after' | 'now', { readonly exported: readonly string[] }>>,
  turn: Turn,
): readonly AwsCommand[] {
  const own = after.exported.filter((log) => !before.exported.includes(log) && now.exported.includes(log));
  return own.length === 0 ? [] : [turn({ DisableLogTypes: own })];
}
