import { endOf, endsSoon } from '../../policy/expiry';
import { matchOf, unreadIn } from '../../policy/scope';
import type { Facts } from '../facts';
import type { Weighed } from '../verdict';
import { exemptionTag } from './exemption-tag';

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
    const end = endOf(expires);
    if (!end || end <= now) return [{ clause: 'exemption', answer: 'fix', reason: `${at} held until ${expires} and holds no more` }];
    if (match === 'unknown') return [doubt('exemption', `${at} may hold, which depends on what can't be read: ${unreadIn(entry, about)}`)];
    return [exempt(`${at} holds until ${expires}`, end, now)];
  });
}

function byTag({ policy, about, now }: Facts): readonly Weighed[] {
  const { tags, rule } = about;
  if ('unknown' in tags) return [doubt('exemption', `the tags can't be read, and could exempt: ${tags.unknown}`)];
  if (!tags.known) return [{ clause: 'exemption', answer: 'fix', reason: 'none, this resource carries no tags' }];
  const said = exemptionTag(rule.id, policy.exemptionTag, tags.known, now);
  if (!said) return [{ clause: 'exemption', answer: 'fix', reason: `none, no tag ${policy.exemptionTag} names this rule` }];
  return [said.exempt ? exempt(said.reason, said.end, now) : { clause: 'exemption', answer: 'fix', reason: said.reason }];
}

function bySuppression({ workflow }: Facts): readonly Weighed[] {
  if ('unknown' in workflow) {
    return [doubt('suppression', `the finding can't be read, and could be suppressed: ${workflow.unknown}`)];
  }
  if (workflow.known !== 'SUPPRESSED') return [];
  return [{ clause: 'suppression', answer: 'skip', reason: 'the finding is SUPPRESSED in Security Hub', outcome: 'suppressed' }];
}

function byRollback({ standing, now }: Facts): readonly Weighed[] {
  if ('unknown' in standing || !standing.known.hold) return [];
  const { by, why, until } = standing.known.hold;
  if (new Date(until) <= now)
    return [{ clause: 'exemption', answer: 'fix', reason: `since a rollback by ${by}, until ${until}, which is over` }];
  return [exempt(`since a rollback by ${by} (${why}), until ${until} or until a person releases it`, new Date(until), now)];
}

const exempt = (reason: string, until: Date | undefined, now: Date): Weighed => ({
  clause: 'exemption',
  answer: 'skip',
  reason: until && endsSoon(until, now) ? `${reason}, which is soon: renew it or let it go` : reason,
  ...(until && { until }),
});

/** What can't be read could exempt. */
const doubt = (clause: string, reason: string): Weighed => ({ clause, answer: 'ask', reason, unread: true });
