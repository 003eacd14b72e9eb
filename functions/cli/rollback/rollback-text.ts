import type { Json } from '../../../rules/rule';
import { sameJson, toJson } from '../../canonical-json';
import { findBreaks } from '../../log/chain';
import type { LogEvent, LoggedChange } from '../../log/event';
import type { Result } from '../../remediate/context';
import { outcomeColour, secondsOf } from '../log/log-text';
import { callLines, callText, differenceLines } from '../print/change-text';
import { differences } from '../print/difference';
import { colours, print, printable, printJson } from '../print/printed';

/** Prints what a rollback would take back. */
export function printIntention(events: readonly LogEvent[], force: boolean): void {
  const { bold, dim, yellow } = colours();
  const [first] = events;
  if (!first) return;
  const intents = events.filter(({ kind }) => kind === 'planned');
  print(bold(`Rollback of ${printable(first.remediation)}`));
  print(`${dim('rule    ')} ${printable(first.rule)}`);
  print(
    `${dim('resource')} ${printable(first.resource)}  ${printable(first.resourceType)} of ${printable(first.account)}, ${printable(first.region)}`,
  );
  for (const { time, actor } of intents) print(`${dim('changed ')} ${secondsOf(printable(time))} by ${printable(actor)}`);
  print();
  for (const change of intents.flatMap(({ changes = [] }) => changes).toReversed())
    for (const line of undoLines(change)) print(`  ${line}`);
  if (force) print(yellow('By force: what others have changed since may be lost.'));
  print();
}

function undoLines(change: LoggedChange): readonly string[] {
  const { dim, yellow } = colours();
  const done = dim(`takes back  ${callText(change.do)}`);
  if ('irreversible' in change) return [yellow(`stays: ${printable(change.irreversible)}`), done];
  const undo = change.undo === 'revert-own-part' ? ['what the rule finds to be its own part'] : callLines(change.undo, change.do);
  return [...undo, done, ...(change.nearest === undefined ? [] : [yellow(`nearest: ${printable(change.nearest)}`)])];
}

export interface Proof {
  readonly result: Result;
  /** The whole trail, the rollback's events among them. */
  readonly events: readonly LogEvent[];
  /** What the resource is now; undefined where it is gone. */
  readonly state: Json | undefined;
}

/** Prints how a rollback ended, and what proves it. */
export function printResult({ result, events, state }: Proof, json: boolean): void {
  const before = events.find(({ kind }) => kind === 'planned')?.before ?? null;
  const now = state === undefined ? undefined : toJson(state);
  const same = now !== undefined && sameJson(now, before);
  const intact = findBreaks(events).length === 0;
  if (json) {
    printJson({ ...result, proof: { sameAsBefore: same, before, now: now ?? null, logIntact: intact } });
    return;
  }
  const { dim, green, yellow, red } = colours();
  print(`${outcomeColour(result.outcome)}  ${printable(result.reason)}`);
  if (same) print(`${green('proof')}  The resource, read again, is exactly as the log holds it from before the fix.`);
  else if (now === undefined) print(`${red('gone')}  There is no such resource.`);
  else {
    print(`${yellow('differs')}  From before the fix (-) to now (+):`);
    for (const line of differenceLines(differences(before, now))) print(`  ${line}`);
  }
  print(dim(`${intact ? 'The log is intact' : 'The log is broken'}: posture log --remediation ${printable(result.remediation)}`));
}
