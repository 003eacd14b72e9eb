import type { Resource } from '../../rules/rule';
import { leaseName } from '../coordination/lease-key';
import type { Decision } from '../decision/decide';
import type { Facts } from '../decision/facts';
import { minutes, seconds } from '../duration';
import { besideOf, type Weighing } from '../facts/evaluate';
import type { Policy } from '../policy/policy';
import { type Beside, type Ending, end, type Story, write } from './context';
import { spread } from './defer';
import { ask, type Question } from './request-approval';

export interface Left {
  readonly policy: Policy;
  readonly resource: Resource;
  readonly proposal: Question['proposal'];
  readonly weighing: Weighing;
}

/** Ends without a change, as the decision says: asks for it, puts it off, or leaves it. */
export async function notFixed(story: Story, { policy, resource, proposal, weighing }: Left): Promise<Ending> {
  const { decision, facts, onRecord } = weighing;
  const { verdict, decisive, until } = decision;
  const beside = besideOf(weighing);
  if (story.again.remediation !== undefined && verdict === 'ask') {
    await write(story, { kind: 'approval-refused', reason: refusal(facts, decision) });
    story.tools.count({ RefusedOrders: 1 });
  }
  if (verdict === 'ask') {
    const open = onRecord?.ask;
    // Whoever approves takes all of it upon himself.
    const asking = decision.weighed.filter(({ answer }) => answer === 'ask');
    const why = [...new Set([decisive, ...asking].map(({ reason }) => reason))].join('; ');
    return ask(story, { policy, resource, proposal, why, open, lastChange: lastChangeIn(facts), beside });
  }
  if (verdict === 'defer') return putOff(story, { resource, proposal, reason: decisive.reason, until, beside });
  if (verdict === 'observe') {
    const outcome = decisive.outcome === 'fight' || decisive.outcome === 'tripped' ? decisive.outcome : 'observed';
    const reason = `Nothing was changed. ${decisive.clause}: ${decisive.reason}.`;
    return end(story, [{ ...proposal, kind: 'observed', outcome, reason }], beside);
  }
  const outcome = decisive.outcome === 'off' || decisive.outcome === 'suppressed' ? decisive.outcome : 'exempt';
  return end(
    story,
    [
      {
        ...proposal,
        kind: 'skipped',
        outcome,
        reason: `Nothing was changed. ${decisive.clause}: ${decisive.reason}.`,
        ...(until && { until: until.toISOString() }),
      },
    ],
    beside,
  );
}

interface PutOff {
  readonly resource: Resource;
  readonly proposal: Left['proposal'];
  readonly reason: string;
  readonly until: Date | undefined;
  readonly beside: Beside;
}

/** Has the finding come again by itself. All that wait for the same moment come spread over some minutes, and each once. */
async function putOff(story: Story, { resource, proposal, reason, until, beside }: PutOff): Promise<Ending> {
  const { again, journal, tools } = story;
  const { detectedBy } = journal.subject;
  // An account's settings in two regions have one ARN.
  const lease = leaseName(tools.rule, resource);
  const soonest = tools.clock.now().getTime() + minutes(1);
  const at = new Date(Math.max(soonest, until?.getTime() ?? 0) + spreadOf(lease));
  const name = `${again.remediation ?? ''} ${lease} ${detectedBy} ${at.toISOString().slice(0, 16)}`;
  await tools.comeAgain(again, at, name);
  const told = `Nothing was changed yet, and it comes again at ${at.toISOString()}: ${reason}.`;
  return end(story, [{ ...proposal, kind: 'deferred', outcome: 'deferred', until: at.toISOString(), reason: told }], beside);
}

/** Milliseconds of up to five minutes. */
const spreadOf = (resource: string): number => seconds(spread(resource, 300));

const lastChangeIn = ({ lastChange }: Facts) => ('known' in lastChange ? lastChange.known : undefined);

function refusal({ standing, hash, now }: Facts, { approved, decisive }: Decision): string {
  if ('unknown' in standing || !standing.known.approval) return 'The message says that it was approved, and no approval is on record.';
  const { by, at, expires, hash: approvedHash } = standing.known.approval;
  if (new Date(expires) <= now) return `The approval by ${by} at ${at} held until ${expires}.`;
  if (approvedHash !== hash) return `The approval by ${by} at ${at} is for another plan: the resource has changed since.`;
  if (approved) return `The approval by ${by} at ${at} does not stand in for what can't be read: ${decisive.reason}.`;
  return `The approval by ${by} at ${at} does not count: they changed the resource last themselves, or that is not known.`;
}
