import type { Rule } from '../../rules/rule';
import { describe } from '../aws/error';
import type { Clock } from '../clock';
import type { Attempt } from '../findings/attempt';
import type { Refusal } from '../findings/finding';
import type { Policy } from '../policy/policy';
import { beyondRequester } from '../policy/requester';
import type { Read } from './identified';

interface Knowledge {
  readonly policy: () => Promise<Pick<Policy, 'requesters'>>;
  readonly clock: Clock;
  readonly warn: (message: string, details: Record<string, unknown>) => void;
}

/**
 * Refuses the requests of tools that the policy does not let ask for this: whoever invoked the function may not have asked. When it was sent is
 * the word of the tool, so the time of its receipt counts. While the policy is unreadable, all are handled, which defers them.
 */
export async function ofRequester(rule: Pick<Rule, 'id'>, { findings, refusals }: Read, { policy, clock, warn }: Knowledge): Promise<Read> {
  if (!findings.some(({ finding }) => finding.requester !== undefined)) return { findings, refusals };
  const known = await policy().catch((error: unknown) => {
    warn('What the requester may ask for is unknown', { error: describe(error) });
    return undefined;
  });
  const checked = findings.map((attempt) => checkedOne(rule, attempt, known, clock));
  return {
    findings: checked.flatMap((one) => ('finding' in one ? [one] : [])),
    refusals: [...refusals, ...checked.flatMap((one) => ('finding' in one ? [] : [one]))],
  };
}

function checkedOne(
  { id: rule }: Pick<Rule, 'id'>,
  attempt: Attempt,
  policy: Pick<Policy, 'requesters'> | undefined,
  clock: Clock,
): Attempt | Refusal {
  const { finding } = attempt;
  const { requester, account, resource } = finding;
  if (requester === undefined) return attempt;
  const said = 'arn' in resource.reported ? resource.reported.arn : resource.reported.configId;
  const beyond = policy && beyondRequester(policy, { requester, rule, account, resource: said });
  if (beyond) return { kind: 'invalid', ...beyond, findingId: finding.id };
  return { ...attempt, finding: { ...finding, sentAt: clock.now().toISOString() } };
}
