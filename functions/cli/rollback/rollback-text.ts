import type { Json } from '../../../rules/rule';
import { sameJson, toJson } from '../../canonical-json';
import { findBreaks } from '../../log/chain';
import type { LogEvent, LoggedChange } from '../../log/event';
import type { Result } from '../../remediate/context';
import { outcomeColour, secondsOf } from '../log/log-text';
import { callLines, callText, differenceLines } from '../print/change-text';
import { differences } from '../print/difference';
import { colours, print, printable, printJson } from '../print/printed';

/** Prints what a rollback would revert. */
export function printIntention(events: readonly LogEvent[], force: boolean): void {
  const { bold, dim, yellow } = colours();
  const [first] = events;
  if (!first) return;
  const plans = events.filter(({ kind }) => kind === 'planned');
  print(bold(`Rollback of ${printable(first.remediation)}`));
  print(`${dim('rule    ')} ${printable(first.rule)}`);
  print(
    `${dim('resource')} ${printable(events.at(-1)?.resource ?? '')}  ${printable(first.resourceType)} of ${printable(first.account)}, ${printable(first.region)}`,
  );
  for (const { time, actor } of plans) print(`${dim('changed ')} ${secondsOf(printable(time))} by ${printable(actor)}`);
  print();
  for (const change of plans.flatMap(({ changes = [] }) => changes).toReversed()) for (const line of undoLines(change)) print(`  ${line}`);
  if (force) print(yellow('Forced: later changes by others may be lost.'));
  print();
}

function undoLines(change: LoggedChange): readonly string[] {
  const { dim, yellow } = colours();
  const done = dim(`reverts  ${callText(change.do)}`);
  if ('evidence' in change) return [dim(`evidence, which stays: ${printable(change.evidence)}`), done];
  if ('irreversible' in change) return [yellow(`irreversible: ${printable(change.irreversible)}`), done];
  const undo = change.undo === 'revert-own-part' ? ["only the rule's own part"] : callLines(change.undo, change.do);
  return [...undo, done, ...(change.nearest === undefined ? [] : [yellow(`nearest: ${printable(change.nearest)}`)])];
}

export interface Proof {
  readonly result: Result;
  /** All events, including those of the rollback. */
  readonly events: readonly LogEvent[];
  /** The present state of the resource; undefined if it does not exist. */
  readonly state: Json | undefined;
}

/** Prints the outcome of a rollback, with its proof. */
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
  if (same) print(`${green('proof')}  The resource was read again. Its state equals the logged state from before the fix.`);
  else if (now === undefined) print(`${red('not-found')}  The resource does not exist.`);
  else {
    print(`${yellow('differs')}  State before the fix (-) and now (+):`);
    for (const line of differenceLines(differences(before, now))) print(`  ${line}`);
  }
  print(
    dim(
      `${intact ? 'Hash chain of the log: intact' : 'Hash chain of the log: broken'}. Details: posture log --remediation ${printable(result.remediation)}`,
    ),
  );
}
