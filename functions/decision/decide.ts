import type { Change, Risk, Tags } from '../../rules/rule';
import type { RuleSettings } from '../settings/settings';
import { exemption } from './exemption';

export interface Facts {
  readonly rule: { readonly id: string; readonly risk: Risk };
  readonly settings: RuleSettings;
  /** Undefined for a resource that carries none, such as an account. */
  readonly tags: Tags | undefined;
  readonly changes: readonly Change[];
}

/** What to do, and every clause that was weighed, in order. `held` changes wait for an approval. */
export type Decision = { readonly reasons: readonly string[] } & (
  | { readonly verdict: 'fix'; readonly changes: readonly Change[]; readonly held: readonly Change[] }
  | { readonly verdict: 'ask' | 'observe' | 'skip' }
);

/** Pure: the most restrictive clause wins. */
export function decide({ rule, settings, tags, changes }: Facts): Decision {
  const reasons: string[] = [];

  const exempt = tags && exemption(rule.id, settings.exemptionTag, tags);
  reasons.push(exemptionReason(tags, exempt, settings.exemptionTag));
  if (exempt) return { verdict: 'skip', reasons };

  reasons.push(`mode: ${settings.mode}, ${settings.named ? 'set for this rule' : 'the default of all rules'}`);
  if (settings.mode === 'observe') return { verdict: 'observe', reasons };

  reasons.push(`risk: ${rule.risk}`);
  if (rule.risk === 'disruptive' && !settings.named) {
    reasons.push('approval: a disruptive rule fixes by itself only where `fix` is set for it by name');
    return { verdict: 'ask', reasons };
  }

  const held = changes.filter((change) => 'irreversible' in change);
  const ready = changes.filter((change) => !('irreversible' in change));
  reasons.push(...held.map((change) => `approval: one change can't be undone: ${'irreversible' in change ? change.irreversible : ''}`));
  if (ready.length === 0) return { verdict: 'ask', reasons };
  if (changes.slice(0, ready.length).some((change) => 'irreversible' in change)) {
    reasons.push('approval: changes that can be undone stand behind one that can not, and may depend on it');
    return { verdict: 'ask', reasons };
  }
  return { verdict: 'fix', reasons, changes: ready, held };
}

function exemptionReason(tags: Tags | undefined, exempt: string | undefined, tag: string): string {
  if (!tags) return 'exemption: none, this resource carries no tags';
  return exempt ? `exemption: ${exempt}` : `exemption: none, no tag ${tag} names this rule`;
}
