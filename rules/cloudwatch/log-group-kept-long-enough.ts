import { CloudWatchLogsClient, DescribeLogGroupsCommand, PutRetentionPolicyCommand } from '@aws-sdk/client-cloudwatch-logs';
import * as z from 'zod';
import { atLeast, integer } from '../detector-parameters';
import { collect } from '../pages';
import { type Aws, defineRule, notFound } from '../rule';
import { logGroup, logGroups } from './log-group/resource';
import { retentions } from './log-group/retentions';

const parameters = z.strictObject({
  minRetentionDays: z
    .literal(retentions)
    .default(365)
    .describe('The minimum retention in days, one of the values that CloudWatch Logs accepts.'),
});

/** `days`: null if events never expire. `fixed`: what sets the retention, if not the log group. */
type State = { readonly days: number | null; readonly fixed?: string };

/** CloudWatch Logs does not accept every number of days. */
const minimum = (more: { readonly absent?: string } = {}) => ({
  ...atLeast('minRetentionDays', more),
  read: (text: string) => retentions.find((days) => days >= (integer(text) ?? Number.NaN)),
});

export default defineRule({
  id: 'cloudwatch-log-group-kept-long-enough',
  title: 'CloudWatch log groups retain events for at least one year',
  why: 'Many intrusions are discovered months later, when logs with a shorter retention no longer show how they began.',
  impact:
    'Events are retained longer, and CloudWatch Logs charges for their storage. If personal data must be deleted earlier by law, exempt the log group.',
  severity: 'medium',
  risk: 'safe',
  resource: logGroup,
  independentUndo: true,
  property: 'RetentionInDays',
  detectedBy: { securityHub: ['CloudWatch.16'], config: ['cw-loggroup-retention-period-check'] },
  detectorParameters: {
    'CloudWatch.16': { minRetentionTime: minimum() },
    'cw-loggroup-retention-period-check': {
      MinRetentionTime: minimum({ absent: '365' }),
      LogGroupNames: { irrelevant: 'It only limits which log groups are reported.' },
    },
  },
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
    return { days, ...(logGroupClass === 'DELIVERY' && { fixed: 'the log class Delivery' }) };
  },

  plan({ id }, { days, fixed }, { parameters: { minRetentionDays } }) {
    if (days === null || days >= minRetentionDays) return [];
    if (fixed !== undefined)
      return {
        unfixable: `The log group retains events for ${days} days. This is set by ${fixed}, and cannot be changed for the log group.`,
        code: 'retention-not-adjustable',
      };
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
