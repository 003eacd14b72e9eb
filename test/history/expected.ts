import type { Outcome } from '../../functions/log/event';
import { controls } from '../catalogue/controls';
import type { RuleOfHistory } from './generate';
import type { Script } from './script';

/**
 * The answers of a report, from what the generator decided: written without the code of the report, and as plainly as possible.
 * Nothing here reads an event of the log.
 */

const day = 24 * 60 * 60 * 1000;

interface Period {
  readonly since: number;
  readonly until: number;
}

const groupOfOutcome: Record<Outcome, string> = {
  fixed: 'fixed',
  'partly-fixed': 'waiting',
  verifying: 'waiting',
  'breaker-open': 'waiting',
  'awaiting-approval': 'waiting',
  blocked: 'waiting',
  deferred: 'waiting',
  observed: 'observed',
  off: 'observed',
  exempt: 'exempt',
  suppressed: 'exempt',
  rejected: 'exempt',
  failed: 'failed',
  unverified: 'failed',
  incomplete: 'failed',
  'drift-loop': 'failed',
  'rollback-failed': 'failed',
  unfixable: 'unfixable',
  'not-configured': 'unfixable',
  disputed: 'disputed',
  'rolled-back': 'rolled-back',
  'already-compliant': 'compliant',
  'resource-not-found': 'compliant',
  'rollback-refused': '',
};

/** A script as it stood at the end of the period. */
export interface Stood {
  readonly script: Script;
  readonly group: string;
  readonly outcome: Outcome;
  readonly at: number;
  readonly until?: number;
  readonly deadline?: number;
  readonly decided?: number;
  readonly verified?: number;
  readonly detectorSays?: string;
}

/** The scripts that have an outcome in the period. */
export function stoodIn(scripts: readonly Script[], { since, until }: Period): readonly Stood[] {
  const stood: Stood[] = [];
  for (const script of scripts) {
    if (script.rule === 'posture') continue;
    const moments = script.moments.filter(({ at }) => at <= until);
    const last = moments.filter(({ outcome }) => outcome !== undefined).at(-1);
    if (!last?.outcome || last.at < since) continue;
    const fix = moments.filter(({ outcome }) => outcome === 'fixed').at(-1);
    const decided = moments.map(({ times }) => times?.decided).find((time) => time !== undefined);
    const said = fix && moments.filter(({ at, kind }) => at > fix.at && ['confirmed', 'disputed', 'unconfirmed'].includes(kind))[0];
    stood.push({
      script,
      group: groupOfOutcome[last.outcome],
      outcome: last.outcome,
      at: last.at,
      ...(last.until !== undefined && { until: last.until }),
      ...(last.deadline !== undefined && { deadline: last.deadline }),
      ...(decided !== undefined && { decided }),
      ...(fix?.times?.verified !== undefined && { verified: fix.times.verified }),
      ...(said && { detectorSays: said.kind }),
    });
  }
  return stood;
}

/** All of one rule and resource, oldest first, and the one that counts. */
export interface Spot {
  readonly all: readonly Stood[];
  readonly counts: Stood;
}

export function spotsOf(stood: readonly Stood[]): readonly Spot[] {
  const spots: Record<string, Stood[]> = {};
  for (const one of stood) {
    const key = JSON.stringify([one.script.rule, one.script.resource]);
    spots[key] = [...(spots[key] ?? []), one];
  }
  return Object.values(spots).map((all) => {
    all.sort((a, b) => a.at - b.at);
    let counts = all[0] as Stood;
    for (const one of all.slice(1)) if (!(counts.group === 'fixed' && one.group === 'compliant')) counts = one;
    return { all, counts };
  });
}

/** How many times each word occurs. */
export function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

/** Median and 90th percentile of the known ones, by their definitions. */
export function spread(values: readonly (number | undefined)[]): { n: number; unknown: number; median?: number; p90?: number } {
  const known = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  const n = known.length;
  if (n === 0) return { n, unknown: values.length };
  const below = (share: number) => known.find((_, index) => (index + 1) / n >= share - 1e-9) as number;
  const upper = known[Math.floor(n / 2)] as number;
  return { n, unknown: values.length - n, median: n % 2 === 0 ? ((known[n / 2 - 1] as number) + upper) / 2 : upper, p90: below(0.9) };
}

/** The four times of some scripts. */
export function expectedTimes(stood: readonly Stood[], { since, until }: Period) {
  const took = (from: number | undefined, to: number | undefined) =>
    from !== undefined && to !== undefined && to >= from ? to - from : undefined;
  const once = stood.filter(
    ({ script }) =>
      script.detected >= since &&
      script.detected <= until &&
      !stood.some(
        ({ script: other }) =>
          other.rule === script.rule &&
          other.resource === script.resource &&
          other.detected === script.detected &&
          other.received < script.received,
      ),
  );
  const fixed = stood.filter(({ verified }) => verified !== undefined && verified >= since && verified <= until);
  return {
    detect: spread(once.map(({ script: { occurred, detected } }) => took(occurred, detected))),
    decide: spread(once.map(({ script: { detected }, decided }) => took(detected, decided))),
    remediate: spread(fixed.map(({ script: { detected }, verified }) => took(detected, verified))),
    exposure: spread(fixed.map(({ script: { occurred }, verified }) => took(occurred, verified))),
  };
}

export function expectedRecurrence(spots: readonly Spot[], { since, until }: Period) {
  const fixes = spots.flatMap(({ all }) =>
    all.flatMap(({ verified }) => (verified !== undefined && verified >= since && verified <= until ? [{ verified, all }] : [])),
  );
  const again = fixes.filter(({ verified, all }) =>
    all.some(({ group, script: { received } }) => group !== 'compliant' && received > verified && received - verified <= 30 * day),
  );
  const left = fixes.filter((fix) => !again.includes(fix) && fix.verified + 30 * day > until);
  return { fixes: fixes.length, recurred: again.length, stillCan: left.length };
}

/** The standards and requirements of a report: of its control, or of the controls of its rule where it is none of Security Hub. */
export function expectedRequirements({ detectedBy, rule }: Script, rules: readonly RuleOfHistory[]): readonly string[] {
  const own = controls.filter(({ id }) => id === detectedBy);
  const named =
    own.length > 0 ? own : controls.filter(({ id }) => rules.find((one) => one.id === rule)?.detectedBy.securityHub.includes(id));
  return [
    ...new Set(
      named.flatMap(({ id, standards }) => standards.map((text) => (text.includes(':') ? text.replace(':', ' ') : `${text} ${id}`))),
    ),
  ];
}

/** When what is open was detected: after it was last fixed, exempted or found compliant. */
export function openSince({ all }: Spot): number | undefined {
  let since: number | undefined;
  let fixed = false;
  for (const { group, script } of all) {
    if (fixed && group === 'compliant') continue;
    fixed = group === 'fixed';
    if (['fixed', 'exempt', 'compliant'].includes(group)) since = undefined;
    else since ??= script.detected;
  }
  return since;
}

/** The deadline that an open one has missed, and that of the last report. It is missed if nothing else was reported before it passed. */
export function deadlineOf({ all }: Spot, until: number): { missed?: number; last?: number } {
  let open: Stood[] = [];
  let fixed = false;
  for (const one of all) {
    if (fixed && one.group === 'compliant') continue;
    fixed = one.group === 'fixed';
    open = ['fixed', 'exempt', 'compliant'].includes(one.group) ? [] : [...open, one];
  }
  const missed = open.flatMap(({ deadline }, index) => {
    const next = open[index + 1]?.script.received ?? until;
    return deadline !== undefined && deadline <= next && deadline <= until ? [deadline] : [];
  });
  const last = open.at(-1)?.deadline;
  return { ...(missed.length > 0 && { missed: Math.min(...missed) }), ...(last !== undefined && { last }) };
}
