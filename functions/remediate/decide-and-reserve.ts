import { leaseName } from '../coordination/lease-key';
import type { Decision } from '../decision/decide';
import type { Weighed } from '../decision/verdict';
import { minutes } from '../duration';
import { type Proposal, type Weighing, weigh } from '../facts/evaluate';
import type { Story } from './context';

/** Decides, and takes the permit for a fix. Where others were faster (a limit, a stop, a breaker), decides again. */
export async function permitted(story: Story, proposal: Proposal): Promise<Weighing> {
  const { again, aws, journal, tools } = story;
  const { rule, register, clock } = tools;
  const { policy, resource, plan } = proposal;
  const { remediation } = journal.subject;
  const reweigh = () => weigh({ ...again, remediation, aws }, proposal, tools);
  let weighing = await reweigh();
  for (let tries = 0; tries < 3; tries += 1) {
    const { decision } = weighing;
    if (decision.verdict !== 'fix') return weighing;
    const denial = await register.permit({
      about: {
        rule: rule.id,
        account: resource.account,
        resource: leaseName(rule, resource),
        remediation,
      },
      limits: policy.limits,
      plan,
      approved: decision.approved,
      remember: policy.fights.days,
    });
    if (denial === undefined) return weighing;
    if (denial === 'busy') break;
    weighing = await reweigh();
  }
  const until = new Date(clock.now().getTime() + minutes(1));
  return { ...weighing, decision: putOff(weighing.decision, until) };
}

function putOff(decision: Decision, until: Date): Decision {
  const busy: Weighed = { clause: 'record', answer: 'defer', reason: 'too many others count their changes at this moment', until };
  return { ...decision, verdict: 'defer', decisive: busy, until, weighed: [...decision.weighed, busy], changes: [], held: [] };
}
