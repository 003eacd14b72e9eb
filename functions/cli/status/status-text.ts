import { stoppable } from '../../coordination/stop';
import type { Attribution } from '../../decision/facts';
import type { ModeCounts } from '../../decision/rule-modes';
import { secondsOf } from '../log/log-text';
import { isReady } from '../order/drill';
import { widthOf } from '../print/fitted';
import { colours, note, print, printable } from '../print/printed';
import { textTable } from '../print/text-table';
import type { Deadlines } from './deadlines';
import type { PolicyStatus } from './policy-status';
import type { Status } from './read-status';
import type { Waiting } from './waiting';

/** How many plans and remediations are listed. */
const maxListed = 10;

/** Prints the status, and at the end what needs attention. */
export function printStatus(status: Status, attention: readonly string[]): void {
  const { green, yellow, red } = colours();
  line('account', `${status.account}, ${status.region}, at ${secondsOf(status.at)}`);
  printRules(status);
  if (status.breakers) printBreakers(status.breakers);
  if (status.contained) printContained(status.contained);
  if (status.drills) printDrills(status.drills);
  if (status.approvals) printApprovals(status.approvals);
  if (status.open) printOpen(status.open);
  if (status.deadlines) printDeadlines(status.deadlines);
  for (const [name, text] of countLines(status)) line(name, text);
  if (status.routes !== undefined) line('routes', routesText(status.routes));
  if (status.seals !== undefined) line('seals', sealsText(status.seals));
  if (status.alarms) printAlarms(status.alarms);
  print();
  for (const one of attention) print(`${yellow('attention')}  ${printable(one)}`);
  for (const { what, why } of status.unread) note(`${red('not read')}  ${what}: ${printable(why)}`);
  if (attention.length === 0 && status.unread.length === 0) print(green('Nothing needs attention.'));
}

const line = (name: string, text: string): void => print(`${colours().bold(name.padEnd(13))} ${printable(text)}`);

/** Whether changes are allowed, by which policy, and with which modes. */
function printRules({ stop, stops = {}, policy, modes }: Status): void {
  const stopped = (who: Attribution): string => `stopped by ${who.by} since ${secondsOf(who.at)}: ${who.why}`;
  const alone = stoppable.flatMap((of) => (stops[of] ? [`${of} ${stopped(stops[of])}`] : []));
  if (stop === null) line('changes', alone.length === 0 ? 'allowed' : alone.join('; '));
  if (stop) line('changes', stopped(stop));
  if (policy) line('policy', policyText(policy));
  if (modes) line('rules', modesText(modes));
}

function printBreakers(breakers: NonNullable<Status['breakers']>): void {
  line('breakers', breakers.length === 0 ? 'none is open' : `${breakers.length} open`);
  printRows(
    ['rule', 'account', 'open since', 'why'],
    breakers.map(({ rule, account = 'all accounts', at, why }) => [rule, account, secondsOf(at), why]),
  );
}

function printContained(contained: NonNullable<Status['contained']>): void {
  const overdue = contained.filter((one) => one.overdue).length;
  const past = overdue > 0 ? `, ${overdue} of them past the review` : '';
  line('contained', contained.length === 0 ? 'nothing' : `${contained.length} by responses${past}`);
  printRows(
    ['resource', 'remediation', 'review until'],
    contained.map(({ resource, rule, remediation, review }) => [
      resource,
      `${rule}/${remediation}`,
      review === undefined ? 'now' : secondsOf(review),
    ]),
  );
}

function printDrills(drills: NonNullable<Status['drills']>): void {
  const notReady = drills.filter((one) => !isReady(one)).length;
  const responses = drills.length === 1 ? '1 response drilled' : `${drills.length} responses drilled`;
  const ready = `${responses}, ${notReady === 0 ? 'and all permitted' : `and ${notReady} not permitted in full`}`;
  line('drills', drills.length === 0 ? 'none: `posture drill <response> <account>`' : ready);
  printRows(
    ['response', 'account', 'at', 'allowed', 'denied', 'unknown'],
    drills.map(({ rule, account, region, at, allowed, denied, unknown }) => [
      rule,
      `${account} ${region}`,
      secondsOf(at),
      ...[allowed, denied, unknown].map(String),
    ]),
  );
}

function printOpen(open: NonNullable<Status['open']>): void {
  const { length } = open.listed;
  line(
    'open',
    length === 0
      ? 'none'
      : `${atLeast(length, open)} remediation${length === 1 ? '' : 's'} with changes that are neither verified nor reverted`,
  );
  printRows(
    ['remediation', 'resource', 'open since', 'continues'],
    open.listed.map((one) =>
      'key' in one
        ? ['stranded', one.key, '', one.stranded]
        : [one.remediation, one.resource, secondsOf(one.since), one.next === undefined ? 'now, or within two hours' : secondsOf(one.next)],
    ),
  );
}

function printDeadlines(deadlines: Deadlines): void {
  const { missed, soon } = deadlines;
  const counts = [atLeast(missed.length, deadlines), atLeast(soon.length, deadlines)];
  line('deadlines', `${counts[0]} missed, ${counts[1]} within a day`);
  printRows(
    ['remediation', 'resource', 'outcome', 'owner', 'deadline', 'then'],
    [...missed, ...soon].map(({ remediation, account, resource, outcome, owner = '', at, action }) => [
      remediation,
      `${account} ${resource}`,
      outcome,
      owner,
      secondsOf(at),
      action,
    ]),
  );
}

function printAlarms(alarms: NonNullable<Status['alarms']>): void {
  line('alarms', alarms.length === 0 ? 'none is on' : `${alarms.length} on`);
  printRows(
    ['alarm', 'since', ''],
    alarms.map(({ name, since, runbook }) => [name, since === undefined ? '' : secondsOf(since), runbook]),
  );
}

function countLines({ deferred, failed, deadLetters }: Status): readonly (readonly [name: string, text: string])[] {
  const next = deferred?.next === undefined ? '' : `; the next retry is at ${secondsOf(deferred.next)}`;
  const parts = (counts: object): string =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ');
  return [
    ...(deferred ? [['deferred', `${atLeast(deferred.count, deferred)}${next}`] as const] : []),
    ...(failed
      ? [
          [
            'failed',
            `${atLeast(failed.count, failed)} in the last 24 hours${failed.count > 0 ? `: ${parts(failed.byOutcome)}` : ''}`,
          ] as const,
        ]
      : []),
    ...(deadLetters ? [['dead letters', parts(deadLetters)] as const] : []),
  ];
}

const routesText = (routes: NonNullable<Status['routes']> | null): string =>
  routes
    ? `${routes.altered === 0 ? `all ${routes.checked}` : `${routes.checked - routes.altered} of ${routes.checked}`} as deployed, at ${secondsOf(routes.at)}`
    : 'not checked yet';

const maxReason = 240;

const shortened = (reason: string): string =>
  reason.length > maxReason ? `${reason.slice(0, maxReason).trimEnd()} … (\`posture policy history\`)` : reason;

function sealsText(seals: NonNullable<Status['seals']> | null): string {
  if (!seals) return 'not sealed yet';
  const { number, sealedAt = '', hash = '', at } = seals;
  const newest = number === undefined ? 'none' : `${number}, the newest of ${secondsOf(sealedAt)} (hash ${hash.slice(0, 16)})`;
  return `${newest}; the archive was last looked at ${secondsOf(at)}`;
}

function policyText({ version, hash, published, problem }: PolicyStatus): string {
  const named = version === undefined ? 'version unknown' : `version ${version}`;
  const publication = published
    ? `, in force since ${secondsOf(published.at)}. ${shortened(published.reason)}`
    : '. Its publication is not among the newest events of the log.';
  const by = published && published.by !== 'unknown' ? ` Published by ${published.by}.` : '';
  if (problem !== undefined) return problem;
  return `${named}${hash === undefined ? '' : ` (SHA-256 ${hash.slice(0, 16)})`}${publication}${by}`;
}

function modesText({ fix, ask, observe, off, depends }: ModeCounts): string {
  const different = depends > 0 ? `; ${depends} by account, Region, resource or control` : '';
  return `fix ${fix}, ask ${ask}, observe ${observe}, off ${off}${different}`;
}

function printApprovals(waiting: Waiting): void {
  const [oldest] = waiting.plans;
  const verb = waiting.plans.length === 1 ? 'waits' : 'wait';
  line(
    'approvals',
    oldest ? `${atLeast(waiting.plans.length, waiting)} ${verb}, the oldest since ${secondsOf(oldest.since)}` : 'none waits',
  );
  printRows(
    ['remediation', 'resource', 'waits since', 'until'],
    waiting.plans.map(({ remediation, account, resource, since, until }) => [
      remediation,
      `${account} ${resource}`,
      secondsOf(since),
      secondsOf(until),
    ]),
  );
}

const atLeast = (count: number, { isMore }: { readonly isMore: boolean }): string => `${isMore ? 'at least ' : ''}${count}`;

/** The first rows, indented, and how many there are besides. */
function printRows(head: readonly string[], rows: readonly (readonly string[])[]): void {
  if (rows.length === 0) return;
  const table = textTable(head, rows.slice(0, maxListed), undefined, widthOf(process.stdout) - 2);
  for (const line of table.split('\n')) print(`  ${line}`);
  if (rows.length > maxListed) print(`  … and ${rows.length - maxListed} more`);
}
