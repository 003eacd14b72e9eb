import { type Rule, toArray } from '../../../rules/rule';
import type { Finding, Reading, Refusal } from '../../findings/finding';
import { readEvent } from '../../sources/read-event';
import { readMessage } from '../../sources/read-message';
import { isUnread } from '../../sources/refuse';
import { quote } from '../../untrusted-text';
import type { Caller } from '../central/caller';
import type { Entry, LoggedEntry } from '../input/entries';
import { asffOf, eventOf } from '../input/event-of';

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

type Reader = Pick<Caller, 'account' | 'partition'>;

/** The findings of an entry, with the rules for them. */
export function readEntry(entry: Entry, rules: readonly Rule[], caller: Reader): ReadEntry {
  const { at } = entry;
  const unread = (reason: string): ReadEntry => ({ found: [], skipped: { at, reason, isUnread: true } });
  switch (entry.sort) {
    case 'event':
      return readBy(rules, at, (rule) => readEvent(rule, entry.value, scopeOf(caller)));
    case 'asff':
      return readBy(rules, at, (rule) => readEvent(rule, eventOf(entry.value), scopeOf(caller)));
    case 'ocsf': {
      const finding = asffOf(entry.value, rules);
      return 'problem' in finding
        ? unread(finding.problem)
        : readBy(rules, at, (rule) => readEvent(rule, eventOf(finding), scopeOf(caller)));
    }
    case 'message':
      return readBy(rules, at, (rule) => readingOf(rule, entry.value, caller));
    case 'log':
      return fromLog(entry.value, rules, caller, at);
    case 'rollback':
    case 'digest':
      return unread('It is a message of the app, and reports no misconfiguration.');
    case 'unknown':
      return unread(entry.reason);
  }
}

const scopeOf = ({ account, partition }: Reader) => ({ centralAccount: account, partition });

function readingOf(rule: Rule, value: object, { partition }: Reader): Reading {
  const read = readMessage(rule, value, { partition });
  if (read === undefined) return { findings: [], refusals: [] };
  return 'refusal' in read ? { findings: [], refusals: [read.refusal] } : { findings: [read.finding], refusals: [] };
}

function readBy(rules: readonly Rule[], at: string, read: (rule: Rule) => Reading): ReadEntry {
  const readings = rules.map((rule) => ({ rule, ...read(rule) }));
  const found = readings.flatMap(({ rule, findings }) => findings.map((finding) => ({ rule, finding })));
  if (found.length > 0) return { found };
  const refusals = readings.flatMap((one) => one.refusals);
  const nearest = refusals.find(isUnread) ?? refusals.find((one) => !isForOthers(one));
  const other = 'No rule is for its control or its Config rule, or none of the rules that were chosen.';
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
