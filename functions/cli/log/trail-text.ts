import type { Collected } from '../../../rules/rule';
import { csv, textCell } from '../../csv';
import type { Times } from '../../log/event';
import type { ForgedRecord } from '../../log/read-item';
import type { RecordedEvent, RemediationRecord } from '../../log/record';
import { parseTrail } from '../../log/trail';
import { changeLines, differenceLines } from '../print/change-text';
import { differences } from '../print/difference';
import { colours, note, print, printable, printJson, printWhole } from '../print/printed';
import { noteForged } from './forged-text';
import { outcomeColour, secondsOf } from './log-text';

/** Prints the events of one remediation by time, and whether the log of it is intact, which it returns: no chain is broken, no record forged. */
export function printTrail(record: RemediationRecord, format: 'table' | 'json' | 'csv'): boolean {
  const { breaks, forged, events } = record;
  const intact = breaks.length === 0 && forged.length === 0;
  if (format === 'json') printJson({ intact, breaks, forged, events });
  else {
    // First: an altered event may not be printable.
    printBreaks(breaks);
    noteForged(forged);
    if (format === 'csv') printWhole(csv(columns, [...events.map(row), ...forged.map(forgedRow)]));
    else printEvents(record, intact);
  }
  return intact;
}

function printEvents({ events, trails, rule, remediation }: RemediationRecord, intact: boolean): void {
  const { bold, dim, green } = colours();
  const [first] = events;
  if (!first) return;
  const { version, resourceType, account, region, finding, source, detectedBy } = first;
  const { resource } = events.at(-1) ?? first;
  const about = { rule: `${rule} (version ${version})`, resource: `${resource}  ${resourceType}`, in: `${account}, ${region}` };
  print(bold(`Remediation ${printable(remediation)}`));
  for (const [name, value] of Object.entries({ ...about, control: `${detectedBy}, ${source}`, finding }))
    print(`${dim(name.padEnd(9))} ${printable(value)}`);
  for (const event of events) {
    print();
    for (const line of lines(event)) print(line);
  }
  if (!intact) return;
  print();
  const chains = trails.length === 1 ? 'The hash chain' : `Each of the ${trails.length} hash chains`;
  print(`${green('intact')}  ${chains} of the ${events.length} events is valid: none was altered, and none is missing between them.`);
}

function lines(event: RecordedEvent): readonly string[] {
  const { bold, dim } = colours();
  const {
    sequence,
    time,
    kind,
    outcome,
    reason,
    code,
    actor,
    decision = [],
    changes = [],
    before,
    after,
    parameters,
    times,
    collected = [],
  } = event;
  const states = after !== undefined && before !== undefined ? differences(before, after) : [];
  return [
    `${bold(`${sequence}. ${printable(kind)}`)}${outcome === undefined || outcome === kind ? '' : `  ${outcomeColour(printable(outcome))}`}  ${dim(secondsOf(printable(time)))}`,
    `   ${printable(reason)}`,
    ...(code === undefined ? [] : [`   ${dim('code')} ${printable(code)}`]),
    `   ${dim(`by ${printable(actor)}${writerText(event.trail)}`)}`,
    ...requestLines(event),
    ...decision.map((clause) => `   ${dim('decision')} ${printable(clause)}`),
    ...(parameters !== undefined && parameters !== null && Object.keys(parameters).length > 0
      ? [`   ${dim('parameters')} ${printable(JSON.stringify(parameters))}`]
      : []),
    ...collected.map((one) => `   ${dim('evidence')} ${printable(collectedText(one))}`),
    ...changes.flatMap(changeLines).map((line) => `   ${line}`),
    ...(states.length > 0 ? [`   ${dim('state before (-) and after (+)')}`, ...differenceLines(states).map((line) => `     ${line}`)] : []),
    ...(event.plan === undefined ? [] : [`   ${dim('plan')} ${printable(event.plan)}`]),
    ...(event.deadline
      ? [`   ${dim(`deadline ${secondsOf(printable(event.deadline.at))}, then ${printable(event.deadline.action)}`)}`]
      : []),
    ...(event.owner === undefined ? [] : [`   ${dim(`owner ${printable(event.owner)}`)}`]),
    ...(times ? [`   ${dim(timesText(event))}`] : []),
    `   ${dim(`hash ${printable(event.hash)}`)}`,
  ];
}

/** Who requested the remediation, if a person or another tool did, and what the tool said. */
function requestLines({ requestedBy, action, requester, reference, evidence = {} }: RecordedEvent): readonly string[] {
  if (requester !== undefined) {
    const { dim } = colours();
    return [
      `   ${dim(`requested by ${printable(requester)}${reference === undefined ? '' : `, reference ${printable(reference)}`}`)}`,
      ...Object.entries(evidence)
        .toSorted(([a], [b]) => a.localeCompare(b))
        .map(([name, text]) => `   ${dim('evidence')} ${printable(name)}: ${printable(text)}`),
    ];
  }
  if (requestedBy !== undefined) return [`   ${colours().dim(`requested by ${printable(requestedBy)}`)}`];
  return action === undefined ? [] : [`   ${colours().dim(`requested with the custom action ${printable(action)}`)}`];
}

/** `snap-1 of vol-1, begun 2026-11-30T12:00:00.000Z, encrypted with arn:…` */
const collectedText = ({ id, of, at, key, custody = [] }: Collected): string =>
  [`${id} of ${of}`, `begun ${at}`, key === undefined ? 'not encrypted' : `encrypted with ${key}`, ...custody].join(', ');

/** Who wrote the event, if not the function of the rule. */
function writerText(key: string): string {
  const trail = parseTrail(key);
  if (trail?.by === 'control') return ', logged by the control function';
  if (trail?.by === 'requests') return ', logged by the function for requests';
  if (trail?.by === 'tickets') return ', logged by the function of tickets';
  return trail?.by === 'local' ? `, logged by the command line of ${printable(trail.user)}` : '';
}

const timesText = ({ times = {}, occurrence }: Pick<RecordedEvent, 'times' | 'occurrence'>): string =>
  (['occurred', 'detected', 'received', 'decided', 'applied', 'verified'] as const)
    .flatMap((name) => (times[name] === undefined ? [] : [`${nameOf(name, occurrence)} ${secondsOf(printable(times[name]))}`]))
    .join(', ');

/** Who says when it came about belongs to the time. */
const nameOf = (name: keyof Times, occurrence: RecordedEvent['occurrence']): string =>
  name === 'occurred' && occurrence ? `occurred (${printable([occurrence.as, occurrence.call].filter(Boolean).join(' '))})` : name;

function printBreaks(broken: readonly string[]): void {
  for (const one of broken) note(`${colours().red('broken')}  ${printable(one)}`);
}

const columns = [
  'remediation',
  'sequence',
  'time',
  'kind',
  'outcome',
  'code',
  'rule',
  'version',
  'detectedBy',
  'account',
  'region',
  'resource',
  'finding',
  'actor',
  'reason',
  'decision',
  'changes',
  'before',
  'after',
  'parameters',
  'plan',
  'previous',
  'hash',
  'trail',
  'forged',
] as const;

const row = (event: RecordedEvent): readonly string[] =>
  columns.map((column) => {
    const value = column === 'forged' ? undefined : event[column];
    if (value === undefined) return '';
    if (column === 'account') return textCell(String(value));
    return typeof value === 'string' ? value : JSON.stringify(value);
  });

/** The key of a forged record, and why it is forged; nothing of its content. */
const forgedRow = ({ trail, sequence, why }: ForgedRecord): readonly string[] =>
  columns.map((column) => ({ sequence: String(sequence), trail, forged: why })[column as string] ?? '');
