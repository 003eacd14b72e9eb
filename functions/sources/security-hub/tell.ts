import { BatchUpdateFindingsCommand } from '@aws-sdk/client-securityhub';
import type { Aws } from '../../../rules/rule';
import type { Finding } from '../../findings/finding';
import { maxNote, type Told, updatedBy } from './told';
import { tellSecurityHubV2 } from './v2/tell';

/** Sets the status of the finding, with a note. */
export async function tellSecurityHub(
  { securityHub, securityHubV2 }: Pick<Finding, 'securityHub' | 'securityHubV2'>,
  told: Told,
  now: Date,
  aws: Aws,
): Promise<void> {
  if (securityHubV2) await tellSecurityHubV2(securityHubV2.uid, told, now, aws);
  if (!securityHub) return;
  const { UnprocessedFindings = [] } = await aws.send(
    new BatchUpdateFindingsCommand({
      FindingIdentifiers: [{ Id: securityHub.id, ProductArn: securityHub.productArn }],
      Workflow: { Status: told.status },
      Note: { Text: told.note.slice(0, maxNote), UpdatedBy: updatedBy },
    }),
  );
  const [refused] = UnprocessedFindings;
  if (refused) throw new Error(`Security Hub rejected the update: ${refused.ErrorCode} ${refused.ErrorMessage}`);
}
