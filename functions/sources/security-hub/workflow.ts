import { GetFindingsCommand } from '@aws-sdk/client-securityhub';
import type { Aws, Resource, Rule } from '../../../rules/rule';
import { aliasesOf } from '../../aws/arn';
import { minutes } from '../../duration';
import type { Finding } from '../../findings/finding';

/** How long the status in an event is considered current. */
const freshFor = minutes(15);

/** Whether the workflow status may have changed since the event, or is not part of it. */
export const isStale = ({ source, sentAt }: Finding, now: Date): boolean =>
  source === 'config' || source === 'control' || now.getTime() - Date.parse(sentAt) > freshFor;

/**
 * The present workflow status in Security Hub; undefined if there is no finding. For findings of AWS Config, a suppressed finding of one of
 * the rule's controls on the same resource counts.
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
