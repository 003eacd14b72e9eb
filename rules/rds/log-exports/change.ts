import type { CloudwatchLogsExportConfiguration } from '@aws-sdk/client-rds';
import type { AwsCommand, Change } from '../../rule';

/** The command that enables the export of some logs, or disables it. */
export type Turn = (configuration: CloudwatchLogsExportConfiguration) => AwsCommand;

/** The change that adds the missing exports and keeps all others; none if nothing is missing. */
export function exporting(exported: readonly string[], expected: readonly string[], turn: Turn): readonly Change[] {
  const missing = expected.filter((log) => !exported.includes(log)).toSorted();
  return missing.length === 0 ? [] : [{ do: turn({ EnableLogTypes: missing }), undo: turn({ DisableLogTypes: missing }) }];
}

/** The command that disables the exports that a fix enabled and that are still on. */
export function endingOwn(
  { before, after, now }: Readonly<Record<'before' | 'after' | 'now', { readonly exported: readonly string[] }>>,
  turn: Turn,
): readonly AwsCommand[] {
  const own = after.exported.filter((log) => !before.exported.includes(log) && now.exported.includes(log));
  return own.length === 0 ? [] : [turn({ DisableLogTypes: own })];
}
