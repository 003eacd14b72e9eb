import type { Rule } from '../../rules/rule';
import { type Mode, modes, type Policy } from '../policy/policy';
import { policyFor } from '../policy/policy-for';
import { matchOf, type Scope } from '../policy/scope';

type RuleFacts = Pick<Rule, 'id' | 'risk' | 'severity' | 'detectedBy' | 'response'>;

interface Applicable {
  readonly mode: Mode;
  /** It depends on the account, the Region, the resource or the control. */
  readonly isConditional: boolean;
  /** It names the rule or its risk: only such a clause lets a disruptive rule fix. */
  readonly isMeant: boolean;
}

/** The modes that the policy can give to the rule, the most restrictive first: a single one if it is the same for every finding. */
export function modesOfRule(rule: RuleFacts, policy: Policy): readonly Mode[] {
  const { default: usual, clauses } = policyFor(rule, policy).modes;
  const applicable = clauses.flatMap((clause) => applicableTo(rule, clause));
  const certain = applicable.filter(({ isConditional }) => !isConditional);
  const base = modes.find((mode) => certain.some((one) => one.mode === mode)) ?? usual;
  // Any clause replaces the default; what applies in any case is only made stricter.
  const possible = applicable.filter(
    ({ isConditional, mode }) => isConditional && (certain.length === 0 || modes.indexOf(mode) < modes.indexOf(base)),
  );
  const found = new Set([base, ...possible.map(({ mode }) => mode)]);
  if (rule.risk === 'disruptive' && found.has('fix')) {
    const fixing = applicable.filter(({ mode }) => mode === 'fix');
    const byOthers = (certain.length === 0 && usual === 'fix') || fixing.some(({ isMeant }) => !isMeant);
    if (byOthers && !fixing.some(({ isMeant, isConditional }) => isMeant && !isConditional)) found.add('ask');
    if (!fixing.some(({ isMeant }) => isMeant)) found.delete('fix');
  }
  return modes.filter((mode) => found.has(mode));
}

const unread = { unknown: 'not read' } as const;

function applicableTo(rule: RuleFacts, clause: Scope & { readonly mode: Mode }): readonly Applicable[] {
  const { accounts, ous, regions, resources, tags, ...own } = clause;
  const { id, risk, severity, detectedBy } = rule;
  const about = { rule: { id, risk, severity, controls: detectedBy.securityHub }, detectedBy: '', account: '', region: '', resource: '' };
  if (matchOf(own, { ...about, ous: unread, tags: unread }) === 'no') return [];
  const isConditional = [accounts, ous, regions, resources, tags, own.controls].some((one) => one !== undefined);
  return [{ mode: clause.mode, isConditional, isMeant: (own.rules ?? own.controls ?? own.risks) !== undefined }];
}

/** How many of the rules have which mode in any case; `depends`: it differs by account, Region, resource or control. */
export type ModeCounts = Readonly<Record<Mode | 'depends', number>>;

export function countModes(rules: readonly RuleFacts[], policy: Policy): ModeCounts {
  const counts = { off: 0, observe: 0, ask: 0, fix: 0, depends: 0 };
  for (const rule of rules) {
    const [only, ...others] = modesOfRule(rule, policy);
    counts[only === undefined || others.length > 0 ? 'depends' : only] += 1;
  }
  return counts;
}
