import { BatchUpdateFindingsCommand } from '@aws-sdk/client-securityhub';
import type { Aws } from '../../../rules/rule';
import type { Finding } from '../../findings/finding';

/**
 * Sets the workflow status of the finding to RESOLVED, with a note that names the remediation. The event of this update does not match
 * our event pattern, which requires NEW or NOTIFIED.
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
  if (refused) throw new Error(`Security Hub rejected the update: ${refused.ErrorCode} ${refused.ErrorMessage}`);
}
