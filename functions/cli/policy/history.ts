import { systemClock } from '../../clock';
import { getEvents, placeOf } from '../../log/get-events';
import { queryLog } from '../../log/query';
import { everything } from '../../log/trail';
import { findCaller } from '../central/caller';
import { type DeployedTables, openTables } from '../central/deployed-tables';
import type { GlobalOptions } from '../global-options';
import { note, print, printJson } from '../print/printed';
import { textTable } from '../print/text-table';
import { timeText } from '../print/time-text';
import { type Publication, publicationsIn } from '../status/policy-status';
import { instant } from '../time-option';

export interface HistoryOptions extends GlobalOptions {
  readonly since?: string;
}

interface PublishedPolicy extends Publication {
  readonly version?: string;
  /** SHA-256 of its text. */
  readonly hash?: string;
}

/** How many events about everything are read, the newest first. */
const max = 1000;

/** Lists the policies that the log says were in force, the newest first. */
export async function history({ since, json }: HistoryOptions): Promise<void> {
  const from = since === undefined ? undefined : instant('--since', since, { end: false, now: systemClock.now() });
  const tables = await openTables(await findCaller(), ['log']);
  const { published, isMore } = await readHistory(tables, from);
  if (json) printJson({ version: '1', published, isMore });
  else if (published.length === 0) print('The log has no publication of a policy.');
  else
    print(
      textTable(
        ['in force since', 'version', 'hash', 'by', 'remediation', 'what changed'],
        published.map(({ at, version = '', hash = '', by, remediation, reason }) => [
          timeText(at),
          version,
          hash.slice(0, 16),
          by,
          remediation,
          reason,
        ]),
      ),
    );
  if (isMore) note('There may be more. Specify a later --since to see fewer events at a time.');
}

async function readHistory(
  { dynamo, log }: DeployedTables,
  since: string | undefined,
): Promise<{ readonly published: readonly PublishedPolicy[]; readonly isMore: boolean }> {
  const { entries, next } = await queryLog(dynamo, log, { rule: everything, ...(since !== undefined && { since }) }, { limit: max });
  const publications = publicationsIn(entries);
  const keyOf = ({ remediation }: Publication) => ({ trail: `control/${everything}/${remediation}`, sequence: '1' });
  const events = await getEvents(dynamo, log, publications.map(keyOf), systemClock);
  const published = publications.map((one) => {
    const record = events.get(placeOf(keyOf(one)));
    const after = record && 'event' in record ? record.event.after : undefined;
    return { ...one, ...textIn(after, 'version'), ...textIn(after, 'hash') };
  });
  return { published, isMore: next !== undefined };
}

function textIn<Name extends string>(value: unknown, name: Name): { readonly [name in Name]?: string } {
  const found = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
  return (typeof found === 'string' ? { [name]: found } : {}) as { readonly [name in Name]?: string };
}
