import type { Rule } from '../../../rules/rule';
import type { CatalogueEntry } from '../../catalogue/catalogue';
import type { Reading, Refusal } from '../../findings/finding';
import type { Result } from '../../remediate/context';
import type { Scope } from '../../sources/envelope';
import { readEvent } from '../../sources/read-event';
import { isMessage, readMessage } from '../../sources/read-message';
import { isUnread } from '../../sources/refuse';
import { controlsOf } from '../choose-rules';
import { explain } from '../failure';

/** The result of a rule for the event; `failure` if it could not be processed. */
export type Answer = { readonly rule: string } & (
  | { readonly results: readonly Result[]; readonly deferred: readonly string[] }
  | { readonly failure: string }
);

/** Why a part of the event was not acted on, and by which rules. */
export type Refused = Refusal & { readonly rules: readonly string[] };

export interface Delivery {
  /** The position of the event in the file, from 1. */
  readonly event: number;
  readonly answers: readonly Answer[];
  readonly refusals: readonly Refused[];
}

/** Invokes a rule with an event. */
export interface Handling {
  /** The account whose Security Hub may report findings of other accounts. */
  readonly centralAccount: string;
  /** The partition of the caller: no event comes from another. */
  readonly partition: string;
  handle(
    rule: Rule,
    event: unknown,
    reading: Reading,
  ): Promise<{ readonly results: readonly Result[]; readonly deferred: readonly string[] }>;
}

/** Delivers one event to the rules that it concerns. */
export async function deliver(
  event: unknown,
  number: number,
  entries: readonly CatalogueEntry[],
  { centralAccount, partition, handle }: Handling,
): Promise<Delivery> {
  const answers: Answer[] = [];
  const refusals: { readonly entry: CatalogueEntry; readonly refusal: Refusal }[] = [];
  for (const entry of entries) {
    const { rule } = entry;
    const reading = readingOf(rule, event, { centralAccount, partition });
    refusals.push(...reading.refusals.map((refusal) => ({ entry, refusal })));
    if (reading.findings.length === 0) continue;
    try {
      answers.push({ rule: rule.id, ...(await handle(rule, event, reading)) });
    } catch (error) {
      answers.push({ rule: rule.id, failure: explain(error) });
    }
  }
  const shown = refusals.filter(({ entry, refusal }) => refusal.kind !== 'ignored' || isUnread(refusal) || isNamed(entry, event));
  return { event: number, answers, refusals: together(shown) };
}

/** A message of ours concerns the rule with its detector and resource type; the others say nothing about it. */
function readingOf(rule: Rule, event: unknown, scope: Scope): Reading {
  if (!isMessage(event)) return readEvent(rule, event, scope);
  const read = readMessage(rule, event, scope);
  if (read === undefined) return { findings: [], refusals: [] };
  if (!('refusal' in read)) return { findings: [read.finding], refusals: [] };
  const others = ['other-resource-type', 'other-control', 'other-config-rule'];
  return { findings: [], refusals: others.includes(read.refusal.code) ? [] : [read.refusal] };
}

/** Whether the event names a control of the rule: only then is it worth reporting why the rule ignores it. */
function isNamed(entry: CatalogueEntry, event: unknown): boolean {
  const text = JSON.stringify(event) ?? '';
  return controlsOf(entry).some(
    (control) => text.includes(`"${control}"`) || text.includes(`/${control}"`) || text.includes(`-${control}-`),
  );
}

/** Every rule refuses a malformed event for the same reason. */
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
