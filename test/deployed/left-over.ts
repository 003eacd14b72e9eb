import { AppConfigClient, ListApplicationsCommand } from '@aws-sdk/client-appconfig';
import { CloudFormationClient, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, ListEventBusesCommand, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { IAMClient, paginateListRoles } from '@aws-sdk/client-iam';
import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { type Bucket, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListScheduleGroupsCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';

/** All that is named after the app in the account, by kind; no kind that has nothing. */
export async function leftOver(): Promise<Readonly<Record<string, readonly string[]>>> {
  const kinds = {
    stacks: (await new CloudFormationClient({}).send(new ListStacksCommand({}))).StackSummaries?.filter(
      ({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE',
    ).map(({ StackName }) => StackName),
    tables: (await new DynamoDBClient({}).send(new ListTablesCommand({}))).TableNames,
    functions: (await all(paginateListFunctions({ client: new LambdaClient({}) }, {}))).flatMap(({ Functions = [] }) =>
      Functions.map(({ FunctionName }) => FunctionName),
    ),
    roles: (await all(paginateListRoles({ client: new IAMClient({}) }, {}))).flatMap(({ Roles = [] }) =>
      Roles.map(({ RoleName }) => RoleName),
    ),
    routes: (await new EventBridgeClient({}).send(new ListRulesCommand({}))).Rules?.map(({ Name }) => Name),
    buses: (await new EventBridgeClient({}).send(new ListEventBusesCommand({}))).EventBuses?.map(({ Name }) => Name),
    queues: (await new SQSClient({}).send(new ListQueuesCommand({}))).QueueUrls?.map(lastPart),
    topics: (await new SNSClient({}).send(new ListTopicsCommand({}))).Topics?.map(({ TopicArn }) => TopicArn?.split(':').at(-1)),
    alarms: (await new CloudWatchClient({}).send(new DescribeAlarmsCommand({}))).MetricAlarms?.map(({ AlarmName }) => AlarmName),
    logGroups: (await new CloudWatchLogsClient({}).send(new DescribeLogGroupsCommand({}))).logGroups?.map(({ logGroupName }) =>
      logGroupName?.replace('/aws/lambda/', ''),
    ),
    scheduleGroups: (await new SchedulerClient({}).send(new ListScheduleGroupsCommand({}))).ScheduleGroups?.map(({ Name }) => Name),
    buckets: (await new S3Client({}).send(new ListBucketsCommand({}))).Buckets?.map(withoutRest),
    applications: (await new AppConfigClient({}).send(new ListApplicationsCommand({}))).Items?.map(({ Name }) => Name),
  };
  const ours = (found: readonly (string | undefined)[] = []) =>
    found.filter((name) => name !== undefined && /^posture/i.test(name)) as string[];
  return Object.fromEntries(
    Object.entries(kinds)
      .map(([kind, found]) => [kind, ours(found).toSorted()] as const)
      .filter(([, found]) => found.length > 0),
  );
}

/** CloudFormation adds to the name that it makes what nobody knows before. */
const withoutRest = ({ Name = '' }: Bucket): string => /^posture-archive(?:bucket|results)/i.exec(Name)?.[0] ?? Name;

const lastPart = (url: string): string | undefined => url.split('/').at(-1);

async function all<Page>(pages: AsyncIterable<Page>): Promise<Page[]> {
  const found: Page[] = [];
  for await (const page of pages) found.push(page);
  return found;
}
