import { BatchUpdateFindingsCommand } from '@aws-sdk/client-securityhub';
import type { Aws } from '../../../rules/rule';
import type { Finding } from '../../findings/finding';

/**
 * Sets the Security Hub finding to RESOLVED, with a note that names the remediation. The event of this update does not match
 * our route, which asks for NEW or NOTIFIED.
 */
export async function resolveFinding({ securityHub }: Finding, rule: string, remediation: string, aws: Aws): Promise<void> {
  if (!securityHub) return;
  const { UnprocessedFindings = [] } = await aws.send(
    new BatchUpdateFindingsCommand({
      FindingIdentifiers: [{ Id: securityHub.id, ProductArn: securityHub.productArn }],
      Workflow: { Status: 'RESOLVED' },
      Note: { Text: `Fixed by ${rule}, remediation ${remediation}.`, UpdatedBy: 'posture-remediator' },
    }),
  );
  const [refused] = UnprocessedFindings;
  if (refused) throw new Error(`Security Hub did not take the update: ${refused.ErrorCode} ${refused.ErrorMessage}`);
}
