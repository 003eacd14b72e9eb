import type { Rule } from '../../../rules/rule';
import type { CatalogueEntry } from '../../catalogue/catalogue';
import type { Reading, Refusal } from '../../findings/finding';
import { retryMessageShape, readRetryMessage } from '../../findings/retry-message';
import type { Result } from '../../remediate/context';
import { readEvent } from '../../sources/read-event';
import { controlsOf } from '../choose-rules';
import { explain } from '../failure';

/** What a rule made of the event; `failure` where it could not be handled to an end. */
export type Answer = { readonly rule: string } & (
  | { readonly results: readonly Result[]; readonly deferred: readonly string[] }
  | { readonly failure: string }
);

/** What a part of the event was not acted upon for, and by which rules. */
export type Refused = Refusal & { readonly rules: readonly string[] };

export interface Delivery {
  /** The place of the event in the file, from 1. */
  readonly event: number;
  readonly answers: readonly Answer[];
  readonly refusals: readonly Refused[];
}

/** Has a rule handle an event. */
export interface Handling {
  /** The account whose Security Hub may report for others. */
  readonly centralAccount: string;
  handle(
    rule: Rule,
    event: unknown,
    reading: Reading,
  ): Promise<{ readonly results: readonly Result[]; readonly deferred: readonly string[] }>;
}

/** Gives one event to the rules that it concerns. */
export async function deliver(
  event: unknown,
  number: number,
  entries: readonly CatalogueEntry[],
  { centralAccount, handle }: Handling,
): Promise<Delivery> {
  const answers: Answer[] = [];
  const refusals: { readonly entry: CatalogueEntry; readonly refusal: Refusal }[] = [];
  for (const entry of entries) {
    const { rule } = entry;
    const reading = readingOf(rule, event, centralAccount);
    refusals.push(...reading.refusals.map((refusal) => ({ entry, refusal })));
    if (reading.findings.length === 0) continue;
    try {
      answers.push({ rule: rule.id, ...(await handle(rule, event, reading)) });
    } catch (error) {
      answers.push({ rule: rule.id, failure: explain(error) });
    }
  }
  const told = refusals.filter(({ entry, refusal }) => refusal.kind !== 'ignored' || isNamed(entry, event));
  return { event: number, answers, refusals: together(told) };
}

/** What a function has sent to itself, for later, is the business of the rule that knows its control and its sort of resource. */
function readingOf(rule: Rule, event: unknown, centralAccount: string): Reading {
  if (!retryMessageShape.safeParse(event).success) return readEvent(rule, event, { centralAccount });
  const attempt = readRetryMessage(rule, event);
  return { findings: attempt ? [attempt.finding] : [], refusals: [] };
}

/** Why a rule ignores an event is worth telling only where the event names one of the rule's controls. */
function isNamed(entry: CatalogueEntry, event: unknown): boolean {
  const text = JSON.stringify(event) ?? '';
  return controlsOf(entry).some(
    (control) => text.includes(`"${control}"`) || text.includes(`/${control}"`) || text.includes(`-${control}-`),
  );
}

/** A malformed event is refused by every rule, for the same reason. */
function together(refusals: readonly { readonly entry: CatalogueEntry; readonly refusal: Refusal }[]): readonly Refused[] {
  const byReason = new Map<string, Refusal & { readonly rules: string[] }>();
  for (const { entry, refusal } of refusals) {
    const key = JSON.stringify(refusal);
    const known = byReason.get(key);
    if (known) known.rules.push(entry.rule.id);
    else byReason.set(key, { ...refusal, rules: [entry.rule.id] });
  }
  return [...byReason.values()];
}
