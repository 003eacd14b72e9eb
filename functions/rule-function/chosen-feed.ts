import { describe } from '../aws/error';
import type { Finding, Refusal } from '../findings/finding';
import type { Policy } from '../policy/policy';
import { isService } from '../sources/security-hub/services/product';
import type { Read } from './identified';

interface Choice {
  readonly policy: () => Promise<Pick<Policy, 'securityHub' | 'serviceFindings'>>;
  readonly warn: (message: string, details: Record<string, unknown>) => void;
}

/**
 * Refuses the findings of the feeds that the policy does not choose: of Security Hub, and of services that report themselves and by Security Hub.
 * While the policy is unreadable, all are handled, which defers them. Only for events: what a request or a reconciliation feeds in was chosen there.
 */
export async function ofChosenFeed({ findings, refusals }: Read, { policy, warn }: Choice): Promise<Read> {
  if (!findings.some(({ finding }) => finding.source in feeds || isService(finding.source))) return { findings, refusals };
  const chosen = await policy().catch((error: unknown) => {
    warn('Which findings are processed is unknown', { error: describe(error) });
    return undefined;
  });
  const isChosen = (finding: Finding): boolean => {
    if (!chosen) return true;
    if (isService(finding.source)) return chosen.serviceFindings === 'all' || chosen.serviceFindings === feedOf(finding);
    return chosen.securityHub === 'both' || (feeds[finding.source] ?? chosen.securityHub) === chosen.securityHub;
  };
  return {
    findings: findings.filter(({ finding }) => isChosen(finding)),
    refusals: [...refusals, ...findings.flatMap(({ finding }) => (isChosen(finding) ? [] : [refusalOf(finding)]))],
  };
}

/** The word of the policy for a source. An operator's custom action is always heard. */
const feeds: Readonly<Partial<Record<Finding['source'], 'cspm' | 'v2'>>> = { 'security-hub': 'cspm', 'security-hub-v2': 'v2' };

/** How the finding of a service came: from the service itself, or by Security Hub. */
function feedOf({ securityHub, securityHubV2 }: Finding): 'native' | 'cspm' | 'v2' {
  if (securityHubV2) return 'v2';
  return securityHub ? 'cspm' : 'native';
}

const hubs = { cspm: 'Security Hub CSPM', v2: 'Security Hub in OCSF' } as const;

const refusalOf = (finding: Finding): Refusal => ({
  kind: 'ignored',
  code: 'other-feed',
  reason: reasonOf(finding),
  findingId: finding.id,
});

function reasonOf(finding: Finding): string {
  const { source } = finding;
  if (!isService(source))
    return `The policy does not process findings of ${hubs[feeds[source] ?? 'cspm']}. Set \`securityHub: both\` to process them.`;
  const feed = feedOf(finding);
  const from = feed === 'native' ? 'that the service itself sends' : `in ${hubs[feed]}`;
  return `The policy does not process findings of ${source} ${from}. Set \`serviceFindings: all\` to process them.`;
}
