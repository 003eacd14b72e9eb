import { detectorsOf } from '../../../rules/detectors';
import type { Rule } from '../../../rules/rule';
import type { CatalogueEntry } from '../../catalogue/catalogue';
import type { Reading, Refusal } from '../../findings/finding';
import type { Result } from '../../remediate/context';
import { identified } from '../../rule-function/identified';
import type { Identification } from '../../sources/config/identify';
import type { Scope } from '../../sources/envelope';
import { readEvent } from '../../sources/read-event';
import { isMessage, readMessage } from '../../sources/read-message';
import { isUnread } from '../../sources/refuse';
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
  /** How Config rules are identified. */
  readonly identification: Identification;
  /** Whoever handles it does that by itself for a Config rule that is named as AWS names them. */
  readonly identifiesItself?: true;
  handle(
    rule: Rule,
    event: unknown,
    reading: Reading,
  ): Promise<{ readonly results: readonly Result[]; readonly deferred: readonly string[] }>;
}

/** Delivers one event to the rules that it concerns. */
export async function deliver(event: unknown, number: number, entries: readonly CatalogueEntry[], handling: Handling): Promise<Delivery> {
  const read = readerOf(event, entries, handling);
  const answers: Answer[] = [];
  const refusals: { readonly entry: CatalogueEntry; readonly refusal: Refusal }[] = [];
  for (const entry of entries) {
    const { rule } = entry;
    try {
      const reading = await read(rule);
      refusals.push(...reading.refusals.map((refusal) => ({ entry, refusal })));
      if (reading.findings.length > 0) answers.push({ rule: rule.id, ...(await handling.handle(rule, event, reading)) });
    } catch (error) {
      answers.push({ rule: rule.id, failure: explain(error) });
    }
  }
  const shown = refusals.filter(({ entry, refusal }) => refusal.kind !== 'ignored' || isUnread(refusal) || isNamed(entry, event));
  return { event: number, answers, refusals: together(shown) };
}

/** How an event is read for a rule: as its function does, for which the name of a Config rule says nothing. */
function readerOf(event: unknown, entries: readonly CatalogueEntry[], handling: Handling): (rule: Rule) => Promise<Reading> {
  const { centralAccount, identification, identifiesItself } = handling;
  const byName = (rule: Rule) => readingOf(rule, event, { centralAccount });
  if (identifiesItself && entries.some(({ rule }) => byName(rule).findings.length > 0)) return async (rule) => byName(rule);
  return async (rule) => {
    const { findings, refusals } = readingOf(rule, event, { centralAccount, anyConfigRule: true });
    const read = await identified(rule, { findings: findings.map((finding) => ({ finding, number: 0 })), refusals }, identification);
    return { findings: read.findings.map(({ finding }) => finding), refusals: read.refusals };
  };
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
  const names = detectorsOf(entry.rule.detectedBy).map((name) => (hasOnlyEnd(text) ? name.replace(/^.*\//, '') : name));
  return names.some((control) => text.includes(`"${control}"`) || text.includes(`/${control}"`) || text.includes(`-${control}-`));
}

/** Access Analyzer and Inspector name the resource type apart from the rest, which events of other sources have, too. */
const hasOnlyEnd = (text: string): boolean => text.includes('"aws.access-analyzer"') || text.includes('"aws.inspector2"');

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
