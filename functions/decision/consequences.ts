import type { Rule } from '../../rules/rule';
import { sameJson } from '../canonical-json';
import { type Mode, modes, type Policy } from '../policy/policy';
import { sanitize } from '../untrusted-text';
import { modesOfRule } from './rule-modes';

type RuleFacts = Pick<Rule, 'id' | 'risk' | 'severity' | 'detectedBy' | 'response'>;

/** What a change of the policy means, as sentences for whoever is about to publish it. */
export interface Consequences {
  /** The rules that begin, or stop, to have a mode: for all findings, or for some. */
  readonly rules: readonly RuleChange[];
  readonly sentences: readonly string[];
}

export interface RuleChange {
  readonly does: 'begin' | 'stop';
  readonly mode: Mode;
  readonly rules: readonly string[];
}

/** How many names are in a sentence. */
const maxNamed = 8;

/** What replacing a policy changes. Undefined `was`: there was no valid one, and nothing was changed. */
export function consequencesOf(was: Policy | undefined, is: Policy, rules: readonly RuleFacts[]): Consequences {
  const changes = ruleChanges(was, is, rules);
  const sentences = [
    ...changes.filter((one) => !isImplied(one, changes)).map(ruleSentence),
    ...accountSentences(was, is),
    ...approverSentences(was, is),
    ...neverSentences(was, is),
    ...limitSentences(was, is),
    ...listSentences(was, is),
    ...otherSentences(was, is),
  ];
  return { rules: changes, sentences };
}

function ruleChanges(was: Policy | undefined, is: Policy, rules: readonly RuleFacts[]): readonly RuleChange[] {
  const before = new Map(rules.map((rule) => [rule.id, was ? modesOfRule(rule, was) : []]));
  const after = new Map(rules.map((rule) => [rule.id, modesOfRule(rule, is)]));
  const withOnly = (mode: Mode, some: typeof before, others: typeof before) =>
    [...some].filter(([id, found]) => found.includes(mode) && !others.get(id)?.includes(mode)).map(([id]) => id);
  // The ones that matter most come first.
  return modes.toReversed().flatMap((mode) =>
    (
      [
        { does: 'begin', mode, rules: withOnly(mode, after, before) },
        { does: 'stop', mode, rules: withOnly(mode, before, after) },
      ] as const
    ).filter((one) => one.rules.length > 0),
  );
}

/** Rules that begin to do one thing stop another: where the same rules do both, the second sentence says nothing more. */
const isImplied = (one: RuleChange, all: readonly RuleChange[]): boolean =>
  one.does === 'stop' && all.some(({ does, rules }) => does === 'begin' && sameJson(rules, one.rules));

const verbs: Readonly<Record<Mode, readonly [begin: string, stop: string]>> = {
  fix: ['begin to fix', 'stop fixing'],
  ask: ['begin to ask', 'stop asking'],
  observe: ['begin to observe only', 'stop only observing'],
  off: ['are switched off', 'are no longer off'],
};

const ruleSentence = ({ does, mode, rules }: RuleChange): string =>
  `${rules.length} ${rules.length === 1 ? 'rule' : 'rules'}, in all or some cases, ${verbs[mode][does === 'begin' ? 0 : 1]}: ${namesIn(rules)}.`;

/** The accounts that clauses with the mode `fix` name. */
function accountSentences(was: Policy | undefined, is: Policy): readonly string[] {
  const accountsOf = (given: Policy | undefined) =>
    [...(given?.modes.clauses ?? []), ...(given?.responses.clauses ?? [])].flatMap(({ mode, accounts = [] }) =>
      mode === 'fix' ? accounts : [],
    );
  return gainAndLoss('Accounts that clauses with the mode fix name', accountsOf(was), accountsOf(is));
}

function approverSentences(was: Policy | undefined, is: Policy): readonly string[] {
  const approversOf = (given: Policy | undefined) => (given?.approvals.approvers ?? []).flatMap(({ principals }) => principals);
  const [before, after] = [approversOf(was), approversOf(is)];
  const isNone = after.length === 0 && before.length > 0;
  return [
    ...gainAndLoss('Approvers', before, after),
    ...(isNone ? ['Nobody can approve, roll back or resume any more: no approver is left.'] : []),
    ...(sameJson(was?.approvals.approvers ?? [], is.approvals.approvers) || !sameJson(before.toSorted(), after.toSorted())
      ? []
      : ['What the approvers may approve changes.']),
  ];
}

/** What no response contains: each name, as one that is removed may be contained from now on. */
function neverSentences(was: Policy | undefined, is: Policy): readonly string[] {
  const namesOf = (given: Policy | undefined) =>
    (given?.responses.never ?? []).map(({ resources = [], accounts = [], names = [] }) =>
      [
        ...(resources.length > 0 ? [resources.join(' or ')] : []),
        ...(names.length > 0 ? [`named ${names.join(' or ')}`] : []),
        ...(accounts.length > 0 ? [`in account ${accounts.join(' or ')}`] : []),
      ].join(' '),
    );
  return gainAndLoss('Never contained', namesOf(was), namesOf(is));
}

function limitSentences(was: Policy | undefined, is: Policy): readonly string[] {
  const limitsOf = ({ limits, responses }: Policy) =>
    new Map([
      ...Object.entries({ rule: limits.rule, account: limits.account, all: limits.all, response: responses.limit }).flatMap(
        ([of, { hour, day }]) => [[`${of} per hour`, hour] as const, [`${of} per day`, day] as const],
      ),
      ['account, contained resources per hour', responses.caps.account],
      ['account, contained users and roles per hour', responses.caps.identities],
      ['Auto Scaling group, contained instances per hour in percent', responses.caps.groupPercent],
    ]);
  if (!was) return [];
  const before = limitsOf(was);
  return [...limitsOf(is)]
    .filter(([name, limit]) => before.get(name) !== limit)
    .map(([name, limit]) => `Limit for each ${name}: ${before.get(name) ?? 'none'} → ${limit ?? 'none'}.`.replace('each all', 'all'));
}

/** Entries that hold changes up. */
const lists = {
  exemptions: 'exemptions',
  windows: 'windows',
  freezes: 'freezes',
  grace: 'grace periods',
  grants: 'entries of accounts that only read',
} as const;

function listSentences(was: Policy | undefined, is: Policy): readonly string[] {
  return Object.entries(lists).flatMap(([key, what]) => {
    const name = key as keyof typeof lists;
    const [before, after]: readonly (readonly object[])[] = [was?.[name] ?? [], is[name]];
    const added = (after ?? []).filter((one) => !before?.some((other) => sameJson(one, other))).length;
    const removed = (before ?? []).filter((one) => !after?.some((other) => sameJson(one, other))).length;
    return [...(added > 0 ? [`New ${what}: ${added}.`] : []), ...(removed > 0 ? [`Removed ${what}: ${removed}.`] : [])];
  });
}

/** Sections that no other sentence is about. */
function otherSentences(was: Policy | undefined, is: Policy): readonly string[] {
  if (!was) return [];
  const told = ['modes', 'limits', ...Object.keys(lists)];
  const others = Object.keys(is).filter((key) => !told.includes(key) && !sameJson(was[key as keyof Policy], is[key as keyof Policy]));
  const gone = Object.keys(was).filter((key) => !(key in is));
  const changed = [...others, ...gone];
  return changed.length > 0 ? [`Changed sections: ${changed.join(', ')}.`] : [];
}

function gainAndLoss(what: string, before: readonly string[], after: readonly string[]): readonly string[] {
  const gained = [...new Set(after)].filter((one) => !before.includes(one));
  const lost = [...new Set(before)].filter((one) => !after.includes(one));
  return [
    ...(gained.length > 0 ? [`${what}, new: ${namesIn(gained)}.`] : []),
    ...(lost.length > 0 ? [`${what}, removed: ${namesIn(lost)}.`] : []),
  ];
}

const namesIn = (names: readonly string[]): string => {
  const shown = names.slice(0, maxNamed).map((name) => sanitize(name, 200));
  return names.length > maxNamed ? `${shown.join(', ')} and ${names.length - maxNamed} more` : shown.join(', ');
};
