import { BatchUpdateFindingsCommand } from '@aws-sdk/client-securityhub';
import type { Aws } from '../../../rules/rule';
import type { Finding } from '../../findings/finding';

/** Who updated a finding, in its note: the events of our own updates come back to us. */
export const updatedBy = 'posture-remediator';

/**
 * What we tell Security Hub: NOTIFIED after our own look, and RESOLVED only after Security Hub itself has said PASSED. A finding that stays
 * FAILED would never come back from RESOLVED.
 */
export type Told = { readonly status: 'NOTIFIED' | 'RESOLVED'; readonly note: string };

/** The maximum length of a note. */
const maxNote = 512;

/** Sets the workflow status of the finding, with a note. */
export async function tellSecurityHub({ securityHub }: Pick<Finding, 'securityHub'>, { status, note }: Told, aws: Aws): Promise<void> {
  if (!securityHub) return;
  const { UnprocessedFindings = [] } = await aws.send(
    new BatchUpdateFindingsCommand({
      FindingIdentifiers: [{ Id: securityHub.id, ProductArn: securityHub.productArn }],
      Workflow: { Status: status },
      Note: { Text: note.slice(0, maxNote), UpdatedBy: updatedBy },
    }),
  );
  const [refused] = UnprocessedFindings;
  if (refused) throw new Error(`Security Hub rejected the update: ${refused.ErrorCode} ${refused.ErrorMessage}`);
}
