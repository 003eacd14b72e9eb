import { GetFindingsCommand } from '@aws-sdk/client-securityhub';
import type { Aws } from '../../rules/rule';
import type { Finding } from '../findings/finding';

/** The workflow status that the finding has in Security Hub now; undefined for one that Security Hub does not have. */
export async function workflowOf({ securityHub }: Finding, aws: Aws): Promise<string | undefined> {
  if (!securityHub) return undefined;
  const { id, productArn } = securityHub;
  const { Findings = [] } = await aws.send(
    new GetFindingsCommand({
      Filters: { Id: [{ Value: id, Comparison: 'EQUALS' }], ProductArn: [{ Value: productArn, Comparison: 'EQUALS' }] },
      MaxResults: 1,
    }),
  );
  return Findings[0]?.Workflow?.Status;
}
