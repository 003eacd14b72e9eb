import { CloudWatchLogsClient, DescribeLogGroupsCommand, PutRetentionPolicyCommand } from '@aws-sdk/client-cloudwatch-logs';
import * as z from 'zod';
import { collect } from '../pages';
import { type Aws, defineRule, notFound } from '../rule';
import { logGroup, logGroups } from './log-group/resource';
import { retentions } from './log-group/retentions';

const parameters = z.strictObject({
  minRetentionDays: z
    .literal(retentions)
    .default(365)
    .describe('For how many days a log group has to keep its events at least; one of the numbers that CloudWatch Logs knows.'),
});

/** `days`: null where events are kept for ever. `fixed`: what sets the days, where it is not the log group. */
type State = { readonly days: number | null; readonly fixed?: string };

export default defineRule({
  id: 'cloudwatch-log-group-kept-long-enough',
  title: 'Log groups keep their events for a year',
  why: 'Many break-ins are found months later, when a shorter log no longer tells how they began.',
  impact:
    'Events stay longer, and CloudWatch Logs bills their storage. Where a law asks for an early deletion of personal data, exempt the log group.',
  severity: 'medium',
  risk: 'safe',
  resource: logGroup,
  property: 'RetentionInDays',
  detectedBy: { securityHub: ['CloudWatch.16'], config: ['cw-loggroup-retention-period-check'] },
  permissions: {
    // IAM offers no resource-level permission for it.
    inspect: { actions: ['logs:DescribeLogGroups'], on: '*' },
    change: { actions: ['logs:PutRetentionPolicy'], on: logGroups },
  },
  clients: [CloudWatchLogsClient],
  commands: [PutRetentionPolicyCommand],
  parameters,

  async inspect({ id }, aws): Promise<State | typeof notFound> {
    const found = (await describeLogGroups(id, aws)).find(({ logGroupName }) => logGroupName === id);
    if (!found) return notFound;
    const { retentionInDays: days = null, retentionPolicyName: policy, logGroupClass } = found;
    if (policy !== undefined) return { days, fixed: `the retention policy ${policy} of the account` };
    return { days, ...(logGroupClass === 'DELIVERY' && { fixed: 'its class, Delivery,' }) };
  },

  plan({ id }, { days, fixed }, { parameters: { minRetentionDays } }) {
    if (days === null || days >= minRetentionDays) return [];
    if (fixed !== undefined)
      return { unfixable: `The log group keeps its events for ${days} days, and ${fixed} says so: it can't say otherwise.` };
    const keeping = (retentionInDays: number) => new PutRetentionPolicyCommand({ logGroupName: id, retentionInDays });
    return [{ do: keeping(minRetentionDays), undo: keeping(days) }];
  },

  async list(_, aws) {
    return (await describeLogGroups(undefined, aws)).flatMap(({ logGroupName }) => logGroupName ?? []);
  },
});

const describeLogGroups = (logGroupNamePrefix: string | undefined, aws: Aws) =>
  collect(
    (nextToken) => aws.send(new DescribeLogGroupsCommand({ logGroupNamePrefix, nextToken })),
    ({ logGroups: groups }) => groups,
    ({ nextToken }) => nextToken,
  );
