import type { Facts } from './facts';
import { type Due, deadlineDefinition } from './numbers/deadlines';
import { measureDefinitions } from './numbers/measures';
import type { Misconfiguration } from './numbers/misconfigurations';
import { openDefinition } from './numbers/open';
import { ownerDefinition } from './numbers/owners';
import { recurrenceDefinition } from './numbers/recurrence';
import type { Report } from './report';

const iso = (time: number | undefined): string | undefined => (time === undefined ? undefined : new Date(time).toISOString());

/** A remediation in the JSON and CSV of a report. Durations are in milliseconds, times in ISO 8601. */
export const remediationOf = ({ stamps, answers, at, until, deadline, ...facts }: Facts) => ({
  ...facts,
  at: iso(at),
  until: iso(until),
  deadline: iso(deadline),
  occurred: iso(stamps.occurred),
  detected: iso(stamps.detected),
  received: iso(stamps.received),
  decided: iso(stamps.decided),
  fixed: iso(stamps.fixed),
  verified: iso(stamps.verified),
  answers: answers.map(({ by, at: time, answer }) => ({ by, at: iso(time), answer })),
});

/** The report as a document, whose misconfigurations are made one by one; its version changes when a field changes its meaning or goes. */
export function documentOf({ numbers, integrity, scope, made, version }: Report) {
  const { span, misconfigurations, open, recurring, expiring, central, ...rest } = numbers;
  const named = ({ last }: Misconfiguration) => `${last.rule}/${last.remediation}`;
  const due = ({ of, deadline }: Due) => ({ remediation: named(of), deadline: iso(deadline) });
  return {
    format: 1,
    since: iso(span.since),
    until: iso(span.until),
    scope,
    made: iso(made),
    version,
    definitions: {
      ...Object.fromEntries(Object.entries(measureDefinitions).map(([measure, { definition }]) => [measure, definition])),
      open: openDefinition,
      deadline: deadlineDefinition,
      recurrence: recurrenceDefinition,
      owner: ownerDefinition,
    },
    ...rest,
    open: {
      ...open,
      overdue: open.overdue.map(named),
      awaitingApproval: open.awaitingApproval.map(named),
      deadlineMissed: open.deadlineMissed.map(due),
      deadlineSoon: open.deadlineSoon.map(due),
    },
    recurring: recurring.map(({ of, ...counts }) => ({ rule: of.last.rule, resource: of.last.resource, ...counts })),
    expiring: expiring.map(named),
    central: central.map((one) => ({ ...one, at: iso(one.at) })),
    integrity,
    misconfigurations: each(misconfigurations),
  };
}

function* each(misconfigurations: readonly Misconfiguration[]) {
  for (const { history, last, category, openSince } of misconfigurations) {
    const { rule, account, region, resource } = last;
    yield { rule, account, region, resource, category, openSince: iso(openSince), remediations: history.map(remediationOf) };
  }
}
