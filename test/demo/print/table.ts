import { outcomeColour } from '../../../functions/cli/log/log-text';
import { colours, print, printable } from '../../../functions/cli/print/printed';
import type { LoggedChange } from '../../../functions/log/event';
import type { Rule } from '../../../rules/rule';
import { expectedWhenObserved } from '../check';
import { changedIn, type Delivery, plannedIn } from '../pass';
import { callCount } from '../summary';
import { columns } from './layout';

const head = ['detected by', 'resource', 'description', 'planned', 'outcome', 'calls', 'ms'];
const fixedWidths = { control: 17, outcome: 17, calls: 5, milliseconds: 5 } as const;
const longestOperation = 'ModifyDBClusterSnapshotAttribute'.length;
const gaps = 2 * head.length;

/** Shows deliveries as the rows of a table, one section a rule; answers the function for the next row. */
export function openTable(pass: 'observe' | 'fix'): (delivery: Delivery) => void {
  const { dim, bold, red } = colours();
  const widths = widthsFor(process.stdout.isTTY ? process.stdout.columns : undefined);
  const named = head.map((name) => (name === 'planned' && pass === 'fix' ? 'changed' : name));
  for (const line of columns(named, widths, (text) => dim(text))) print(`  ${line}`);
  const changes = pass === 'fix' ? changedIn : plannedIn;
  let last: Rule | undefined;

  return (delivery) => {
    const { of, outcome, reason, milliseconds } = delivery;
    if (of.rule !== last) print(`${bold(of.rule.title)}  ${dim(of.rule.id)}`);
    last = of.rule;
    const expected = pass === 'fix' ? of.piece.ends : expectedWhenObserved(of.piece);
    const cells = [
      of.piece.control,
      nameOf(delivery),
      of.piece.words,
      changes(delivery).map(changeText).join('\n') || '-',
      outcome === expected ? outcome : `${outcome}, not ${expected}`,
      String(callCount(delivery)).padStart(fixedWidths.calls),
      String(Math.round(milliseconds)).padStart(fixedWidths.milliseconds),
    ].map((cell) => cell.split('\n').map(printable).join('\n'));
    const paint = (text: string, column: number) => {
      if (column === 4) return outcome === expected ? outcomeColour(text) : red(text);
      return column === 0 || column > 4 ? dim(text) : text;
    };
    for (const line of columns(cells, widths, paint)) print(`  ${line}`);
    if (outcome !== expected) for (const line of columns([printable(reason)], [100], (text) => red(text))) print(`    ${line}`);
  };
}

function widthsFor(terminal: number | undefined): readonly number[] {
  const { control, outcome, calls, milliseconds } = fixedWidths;
  const rest = Math.min(160, Math.max(110, terminal ?? 150)) - control - outcome - calls - milliseconds - gaps - 2;
  const planned = Math.min(longestOperation, Math.floor(rest * 0.36));
  const resource = Math.floor((rest - planned) * 0.4);
  return [control, resource, rest - resource - planned, planned, outcome, calls, milliseconds];
}

/** The part of the ARN that people know it by. */
function nameOf({ of: { piece, reported } }: Delivery): string {
  const name = reported.arn.startsWith('AWS::::Account:') ? 'the account' : (reported.arn.split(/[:/]/).at(-1) ?? reported.arn);
  return piece.region === undefined ? name : `${name} in ${piece.region}`;
}

const changeText = (change: LoggedChange): string => {
  const { operation } = change.do;
  return 'irreversible' in change ? `${operation} (irreversible: requires approval)` : operation;
};
