import { findBreaks } from '../../log/chain';
import type { LogEvent, Times } from '../../log/event';
import { changeLines, differenceLines } from '../print/change-text';
import { csv } from '../print/csv';
import { differences } from '../print/difference';
import { colours, note, print, printable, printJson } from '../print/printed';
import { outcomeColour, secondsOf } from './log-text';

/** Prints the events of one remediation in order, and whether their hash chain is intact, which it returns. */
export function printTrail(events: readonly LogEvent[], format: 'table' | 'json' | 'csv'): boolean {
  const broken = findBreaks(events);
  if (format === 'json') printJson({ intact: broken.length === 0, breaks: broken, events });
  else {
    // First: an altered event may not be printable.
    printBreaks(broken);
    if (format === 'csv') print(csv(columns, events.map(row)));
    else printEvents(events, broken.length === 0);
  }
  return broken.length === 0;
}

function printEvents(events: readonly LogEvent[], intact: boolean): void {
  const { bold, dim, green } = colours();
  const [first] = events;
  if (!first) return;
  const { remediation, rule, version, resource, resourceType, account, region, finding, source, detectedBy } = first;
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
  print(`${green('intact')}  The hash chain of the ${events.length} events is valid: none was altered, and none is missing between them.`);
}

function lines(event: LogEvent): readonly string[] {
  const { bold, dim } = colours();
  const { sequence, time, kind, outcome, reason, code, actor, decision = [], changes = [], before, after, parameters, times } = event;
  const states = after !== undefined && before !== undefined ? differences(before, after) : [];
  return [
    `${bold(`${sequence}. ${printable(kind)}`)}${outcome === undefined || outcome === kind ? '' : `  ${outcomeColour(printable(outcome))}`}  ${dim(secondsOf(printable(time)))}`,
    `   ${printable(reason)}`,
    ...(code === undefined ? [] : [`   ${dim('code')} ${printable(code)}`]),
    `   ${dim(`by ${printable(actor)}`)}`,
    ...decision.map((clause) => `   ${dim('decision')} ${printable(clause)}`),
    ...(parameters !== undefined && parameters !== null && Object.keys(parameters).length > 0
      ? [`   ${dim('parameters')} ${printable(JSON.stringify(parameters))}`]
      : []),
    ...changes.flatMap(changeLines).map((line) => `   ${line}`),
    ...(states.length > 0 ? [`   ${dim('state before (-) and after (+)')}`, ...differenceLines(states).map((line) => `     ${line}`)] : []),
    ...(event.plan === undefined ? [] : [`   ${dim('plan')} ${printable(event.plan)}`]),
    ...(times ? [`   ${dim(timesText(times))}`] : []),
    `   ${dim(`hash ${printable(event.hash)}`)}`,
  ];
}

const timesText = (times: Times): string =>
  (['detected', 'received', 'decided', 'applied', 'verified'] as const)
    .flatMap((name) => (times[name] === undefined ? [] : [`${name} ${secondsOf(printable(times[name]))}`]))
    .join(', ');

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
] as const;

const row = (event: LogEvent): readonly string[] =>
  columns.map((column) => {
    const value = event[column];
    if (value === undefined) return '';
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
