import { matchOf } from '../../policy/scope';
import type { Facts } from '../facts';
import type { Weighed } from '../verdict';
import { endOf, exemptionTag } from './exemption-tag';

const warning = 14 * 86_400_000;

/** Whether the resource is exempt: by the policy, by its tag, by a suppressed finding, by a rollback. */
export const exemption = (facts: Facts): readonly Weighed[] => [
  ...byPolicy(facts),
  ...byTag(facts),
  ...bySuppression(facts),
  ...byRollback(facts),
];

function byPolicy({ policy, about, now }: Facts): readonly Weighed[] {
  return policy.exemptions.flatMap((entry, index): readonly Weighed[] => {
    const { reason, owner, expires } = entry;
    const match = matchOf(entry, about);
    if (match === 'no') return [];
    const at = `exemptions[${index}] of ${owner} (${reason})`;
    const left = (endOf(expires)?.getTime() ?? 0) - now.getTime();
    if (left <= 0) return [{ clause: 'exemption', answer: 'fix', reason: `${at} held until ${expires} and holds no more` }];
    if (match === 'unknown') return [{ clause: 'exemption', answer: 'ask', reason: `${at} may hold, which depends on what can't be read` }];
    return [
      {
        clause: 'exemption',
        answer: 'skip',
        reason: `${at} holds until ${expires}${left < warning ? ', which is soon: renew it or let it go' : ''}`,
      },
    ];
  });
}

function byTag({ policy, about, now }: Facts): readonly Weighed[] {
  const { tags, rule } = about;
  if ('unknown' in tags)
    return [{ clause: 'exemption', answer: 'ask', reason: `the tags can't be read, and could exempt: ${tags.unknown}` }];
  if (!tags.known) return [{ clause: 'exemption', answer: 'fix', reason: 'none, this resource carries no tags' }];
  const said = exemptionTag(rule.id, policy.exemptionTag, tags.known, now);
  if (!said) return [{ clause: 'exemption', answer: 'fix', reason: `none, no tag ${policy.exemptionTag} names this rule` }];
  return [{ clause: 'exemption', answer: said.exempt ? 'skip' : 'fix', reason: said.reason }];
}

function bySuppression({ workflow }: Facts): readonly Weighed[] {
  if ('unknown' in workflow) {
    return [{ clause: 'suppression', answer: 'ask', reason: `the finding can't be read, and could be suppressed: ${workflow.unknown}` }];
  }
  if (workflow.known !== 'SUPPRESSED') return [];
  return [{ clause: 'suppression', answer: 'skip', reason: 'the finding is SUPPRESSED in Security Hub', outcome: 'suppressed' }];
}

function byRollback({ standing, now }: Facts): readonly Weighed[] {
  if ('unknown' in standing || !standing.known.hold) return [];
  const { by, why, until } = standing.known.hold;
  if (new Date(until) <= now)
    return [{ clause: 'exemption', answer: 'fix', reason: `since a rollback by ${by}, until ${until}, which is over` }];
  return [
    { clause: 'exemption', answer: 'skip', reason: `since a rollback by ${by} (${why}), until ${until} or until a person releases it` },
  ];
}
