import { GetFindingsCommand } from '@aws-sdk/client-securityhub';
import type { Aws, Resource, Rule } from '../../../rules/rule';
import { aliasesOf } from '../../aws/arn';
import { minutes } from '../../duration';
import type { Finding } from '../../findings/finding';

/** What is said of it when it was sent is believed for so long. */
const freshFor = minutes(15);

/** Whether the workflow status may be another one than the event says: it was put off, delivered late, or does not come from Security Hub. */
export const isStale = ({ source, sentAt }: Finding, now: Date): boolean =>
  source === 'config' || source === 'control' || now.getTime() - Date.parse(sentAt) > freshFor;

/**
 * The workflow status that the fault has in Security Hub now; undefined where Security Hub does not have it. What AWS Config found has no
 * finding of its own there: a suppressed one of the rule's controls on the same resource counts.
 */
export async function workflowOf(
  { securityHub, resource: { kind } }: Pick<Finding, 'securityHub' | 'resource'>,
  { rule, resource }: { readonly rule: Pick<Rule, 'detectedBy'>; readonly resource: Resource },
  aws: Aws,
): Promise<string | undefined> {
  const controls = rule.detectedBy.securityHub;
  if (!securityHub && controls.length === 0) return undefined;
  const Filters = securityHub
    ? { Id: [equal(securityHub.id)], ProductArn: [equal(securityHub.productArn)] }
    : {
        ResourceId: [resource.arn, ...aliasesOf(kind, resource.arn)].map(equal),
        ComplianceSecurityControlId: controls.map(equal),
        WorkflowStatus: [equal('SUPPRESSED')],
      };
  try {
    const { Findings = [] } = await aws.send(new GetFindingsCommand({ Filters, MaxResults: 1 }));
    return Findings[0]?.Workflow?.Status;
  } catch (error) {
    // AWS Config works without Security Hub.
    if (!securityHub && error instanceof Error && error.name === 'InvalidAccessException' && error.message.includes('not subscribed'))
      return undefined;
    throw error;
  }
}

const equal = (Value: string) => ({ Value, Comparison: 'EQUALS' as const });
