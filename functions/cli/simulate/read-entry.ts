import { type Rule, toArray } from '../../../rules/rule';
import type { Finding, Reading, Refusal } from '../../findings/finding';
import { identified } from '../../rule-function/identified';
import type { Identification } from '../../sources/config/identify';
import type { Scope } from '../../sources/envelope';
import { readEvent } from '../../sources/read-event';
import { readMessage } from '../../sources/read-message';
import { isUnread } from '../../sources/refuse';
import { quote } from '../../untrusted-text';
import type { Caller } from '../central/caller';
import { explain } from '../failure';
import type { Entry, LoggedEntry } from '../input/entries';
import { eventOf, eventOfOcsf } from '../input/event-of';

export interface Found {
  readonly rule: Rule;
  readonly finding: Finding;
}

/** What of the file was not evaluated, and why. */
export interface Skipped {
  /** Its path in the file: `Findings[3]`. */
  readonly at: string;
  readonly reason: string;
}

interface ReadEntry {
  readonly found: readonly Found[];
  /** Left out if a rule is for it. `isUnread`: nobody can tell what it reports; otherwise it needs no fix, or is for none of the rules. */
  readonly skipped?: Skipped & { readonly isUnread: boolean };
}

interface Reader extends Pick<Caller, 'account' | 'partition'> {
  /** How Config rules are identified. */
  readonly identification: Identification;
}

/** The findings of an entry, with the rules for them. */
export async function readEntry(entry: Entry, rules: readonly Rule[], reader: Reader): Promise<ReadEntry> {
  const { at } = entry;
  const unread = (reason: string): ReadEntry => ({ found: [], skipped: { at, reason, isUnread: true } });
  const scope = { centralAccount: reader.account, partition: reader.partition };
  switch (entry.sort) {
    case 'event':
      return isOfConfig(entry.value)
        ? fromConfig(entry.value, rules, { ...reader, scope, at })
        : resultOf(rules.map(readingBy((rule) => readEvent(rule, entry.value, scope))), at);
    case 'asff':
      return resultOf(rules.map(readingBy((rule) => readEvent(rule, eventOf(entry.value), scope))), at);
    case 'ocsf': {
      const event = eventOfOcsf(entry.value);
      return 'problem' in event ? unread(event.problem) : resultOf(rules.map(readingBy((rule) => readEvent(rule, event, scope))), at);
    }
    case 'message':
      return resultOf(rules.map(readingBy((rule) => readingOf(rule, entry.value, reader))), at);
    case 'log':
      return fromLog(entry.value, rules, reader, at);
    case 'rollback':
    case 'digest':
      return unread('It is a message of the app, and reports no misconfiguration.');
    case 'unknown':
      return unread(entry.reason);
  }
}

const readingBy =
  (read: (rule: Rule) => Reading) =>
  (rule: Rule): RuleReading => ({ rule, ...read(rule) });

function readingOf(rule: Rule, value: object, { partition }: Reader): Reading {
  const read = readMessage(rule, value, { partition });
  if (read === undefined) return { findings: [], refusals: [] };
  return 'refusal' in read ? { findings: [], refusals: [read.refusal] } : { findings: [read.finding], refusals: [] };
}

const isOfConfig = (event: object): boolean => 'source' in event && event.source === 'aws.config';

/** A compliance change is for the rules of the managed rule behind its Config rule, whatever its name. */
async function fromConfig(
  event: object,
  rules: readonly Rule[],
  { identification, scope, at }: Reader & { readonly scope: Scope; readonly at: string },
): Promise<ReadEntry> {
  const ofAnyName = { ...scope, anyConfigRule: true } as const;
  const others: Refusal[] = [];
  const readings: RuleReading[] = [];
  try {
    for (const rule of rules) {
      const findings = readEvent(rule, event, ofAnyName).findings.map((finding) => ({ finding, number: 0 }));
      const read = await identified(rule, { findings, refusals: [] }, identification);
      others.push(...read.refusals);
      // What is wrong with the event, or that nothing is, does not depend on the name.
      const { refusals } = readEvent(rule, event, scope);
      readings.push({ rule, findings: read.findings.map(({ finding }) => finding), refusals });
    }
  } catch (error) {
    return { found: [], skipped: { at, reason: explain(error), isUnread: true } };
  }
  return resultOf(readings, at, others[0]?.reason);
}

interface RuleReading extends Reading {
  readonly rule: Rule;
}

const forNoRule = 'No rule is for its control or its Config rule, or none of the rules that were chosen.';

function resultOf(readings: readonly RuleReading[], at: string, other: string = forNoRule): ReadEntry {
  const found = readings.flatMap(({ rule, findings }) => findings.map((finding) => ({ rule, finding })));
  if (found.length > 0) return { found };
  const refusals = readings.flatMap((one) => one.refusals);
  const nearest = refusals.find(isUnread) ?? refusals.find((one) => !isForOthers(one));
  return { found, skipped: { at, reason: nearest?.reason ?? other, isUnread: nearest !== undefined && isUnread(nearest) } };
}

const isForOthers = ({ code }: Refusal): boolean => code === 'other-control' || code === 'other-config-rule';

function fromLog(entry: LoggedEntry, rules: readonly Rule[], { partition }: Reader, at: string): ReadEntry {
  const { rule: id, detectedBy, finding, account, region, resource, resourceType, time } = entry;
  const rule = rules.find((one) => one.id === id);
  const kind = rule && toArray(rule.resource).find(({ type }) => type === resourceType);
  if (!rule || !kind) {
    const reason = rule
      ? `The rule ${id} does not support the resource type ${quote(resourceType)}.`
      : `The rule ${quote(id)} was not chosen.`;
    return { found: [], skipped: { at, reason, isUnread: rule !== undefined } };
  }
  const about: Finding = {
    partition,
    account,
    region,
    id: finding,
    source: 'control',
    detectedBy,
    resource: { kind, reported: { arn: resource } },
    detectedAt: time,
    sentAt: time,
  };
  return { found: [{ rule, finding: about }] };
}
