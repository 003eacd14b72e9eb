import { describe } from '../aws/error';
import type { Finding, Refusal } from '../findings/finding';
import type { Policy } from '../policy/policy';
import type { Read } from './identified';

interface Choice {
  readonly policy: () => Promise<Pick<Policy, 'securityHub'>>;
  readonly warn: (message: string, details: Record<string, unknown>) => void;
}

/**
 * Refuses the findings of the feed of Security Hub that the policy does not choose. While the policy is unreadable, all are handled, which
 * defers them. Only for events: what a request or a reconciliation feeds in was chosen there.
 */
export async function ofChosenFeed({ findings, refusals }: Read, { policy, warn }: Choice): Promise<Read> {
  if (!findings.some(({ finding }) => finding.source in feeds)) return { findings, refusals };
  const chosen = await policy().catch((error: unknown) => {
    warn('Which findings of Security Hub are processed is unknown', { error: describe(error) });
    return undefined;
  });
  const isChosen = ({ source }: Finding): boolean =>
    !chosen || chosen.securityHub === 'both' || (feeds[source] ?? chosen.securityHub) === chosen.securityHub;
  return {
    findings: findings.filter(({ finding }) => isChosen(finding)),
    refusals: [...refusals, ...findings.flatMap(({ finding }) => (isChosen(finding) ? [] : [refusalOf(finding)]))],
  };
}

/** The word of the policy for a source. An operator's custom action is always heard. */
const feeds: Readonly<Partial<Record<Finding['source'], 'cspm' | 'v2'>>> = { 'security-hub': 'cspm', 'security-hub-v2': 'v2' };

const refusalOf = ({ source, id }: Finding): Refusal => ({
  kind: 'ignored',
  code: 'other-feed',
  reason: `The policy does not process findings of ${source === 'security-hub' ? 'Security Hub CSPM' : 'Security Hub in OCSF'}. Set \`securityHub: both\` to process them.`,
  findingId: id,
});
