import { CloudTrailClient, CreateTrailCommand, StartLoggingCommand, StopLoggingCommand } from '@aws-sdk/client-cloudtrail';
import { DescribeAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { CreateLogGroupCommand, DescribeMetricFiltersCommand, PutMetricFilterCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SetTopicAttributesCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { isChanges } from '../../../functions/plan/change';
import { activities, looksFor } from '../../../rules/cloudwatch/account-activity/patterns';
import rule from '../../../rules/cloudwatch/account-activity-alarmed';
import type { Aws, AwsCommand } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';

const logGroupName = 'cloudtrail';
const topicOf = ({ region, account }: Pick<World, 'region' | 'account'>, name = 'alarms') => `arn:aws:sns:${region}:${account}:${name}`;
const root = '{$.userIdentity.type="Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType !="AwsServiceEvent"}';
const metric = { namespace: 'LogMetrics', name: 'Root' };
const consoleFailed = '{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }';

describeRule(rule, {
  clients: [S3Client, CloudTrailClient],
  parameters: (world) => ({ topicArn: topicOf(world) }),
  violations: {
    'an account in which nobody hears of the root user': {
      seed: logged(),
      async fixed(world) {
        expect(await filtersOf(world)).toMatchObject([
          {
            filterName: 'posture-root-user-used',
            filterPattern: root,
            metricTransformations: [{ metricNamespace: 'Posture/AccountActivity', metricName: 'root-user-used', metricValue: '1' }],
          },
        ]);
        expect(await alarmsOf(world)).toMatchObject([
          {
            AlarmName: 'posture-root-user-used',
            Namespace: 'Posture/AccountActivity',
            MetricName: 'root-user-used',
            Statistic: 'Sum',
            Period: 300,
            EvaluationPeriods: 1,
            Threshold: 1,
            ComparisonOperator: 'GreaterThanOrEqualToThreshold',
            TreatMissingData: 'notBreaching',
            AlarmActions: [topicOf(world)],
          },
        ]);
      },
      async rolledBack(world) {
        expect(await filtersOf(world)).toEqual([]);
        expect(await alarmsOf(world)).toEqual([]);
      },
    },
    'a metric filter for route tables of an earlier edition, without an alarm': {
      detectedBy: 'CloudWatch.13',
      seed: logged(async (world) => {
        const pattern = activities.find(({ control }) => control === 'CloudWatch.13')?.others?.[0] ?? '';
        await count(world, pattern.replaceAll(' || ', '||').replaceAll('=', ' = '), { namespace: 'LogMetrics', name: 'Routes' });
      }),
      async fixed(world) {
        expect(await filtersOf(world)).toHaveLength(1);
        expect(await alarmsOf(world)).toMatchObject([
          { AlarmName: 'posture-route-tables-changed', Namespace: 'LogMetrics', MetricName: 'Routes' },
        ]);
      },
    },
    'an alarm that nobody hears, as its actions are off': {
      seed: logged(async (world) => {
        await count(world, root, metric);
        await alarm(world, { ActionsEnabled: false, AlarmActions: [topicOf(world)] });
      }),
      fixed: async (world) => expect((await alarmsOf(world)).map((one) => one.ActionsEnabled)).toEqual([false, true]),
    },
    'an alarm to a topic without a subscriber': {
      seed: logged(async (world) => {
        await world.send(new CreateTopicCommand({ Name: 'unheard' }));
        await count(world, root, metric);
        await alarm(world, { AlarmActions: [topicOf(world, 'unheard')] });
      }),
    },
    'a metric filter that looks for a little more': {
      seed: logged(async (world) => {
        await count(world, root.replace('}', ' && $.userAgent != "none"}'), metric);
        await alarm(world, { AlarmActions: [topicOf(world)] });
      }),
      fixed: async (world) => expect(await filtersOf(world)).toHaveLength(2),
    },
    'a topic with a key that CloudWatch may use': {
      seed: logged((world) => encrypt(world, 'cloudwatch.amazonaws.com')),
    },
    'two log groups, of which the policy names the second': {
      seed: twoLogGroups(),
      parameters: { logGroup: 'second' },
      async fixed(world) {
        expect(await filtersOf(world)).toEqual([]);
        expect(await filtersOf(world, 'second')).toMatchObject([{ filterName: 'posture-root-user-used' }]);
      },
      rolledBack: async (world) => expect(await filtersOf(world, 'second')).toEqual([]),
    },
    'two log groups, of which the second by name has the metric filter of the control': {
      seed: twoLogGroups((world) => count(world, root, metric, 'theirs', 'second')),
      async fixed(world) {
        expect(await filtersOf(world)).toEqual([]);
        expect(await filtersOf(world, 'second')).toHaveLength(1);
        expect(await alarmsOf(world)).toMatchObject([{ AlarmName: 'posture-root-user-used', Namespace: 'LogMetrics', MetricName: 'Root' }]);
      },
    },
    'two log groups, of which the second by name has the metric filters of other controls': {
      seed: twoLogGroups((world) => count(world, consoleFailed, { namespace: 'LogMetrics', name: 'Failed' }, 'theirs', 'second')),
      async fixed(world) {
        expect(await filtersOf(world)).toEqual([]);
        expect(await filtersOf(world, 'second')).toHaveLength(2);
      },
      rolledBack: async (world) => expect(await filtersOf(world, 'second')).toMatchObject([{ filterName: 'theirs' }]),
    },
    'two metrics of the control, without an alarm': {
      seed: logged(async (world) => {
        await count(world, root, metric, 'a');
        await count(world, root, { namespace: 'LogMetrics', name: 'RootAgain' }, 'b');
      }),
      fixed: async (world) =>
        expect(await alarmsOf(world)).toMatchObject([{ Namespace: 'Posture/AccountActivity', MetricName: 'root-user-used' }]),
    },
    'an account in which another control is fixed before the rollback': {
      seed: logged(),
      async meanwhile(world) {
        await count(
          world,
          '{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")}',
          metric,
          'posture-calls-unauthorized',
        );
        await alarm(world, { AlarmName: 'posture-calls-unauthorized', AlarmActions: [topicOf(world)] });
      },
      async rolledBack(world) {
        expect(((await filtersOf(world)) ?? []).map(({ filterName }) => filterName)).toEqual(['posture-calls-unauthorized']);
        expect((await alarmsOf(world)).map(({ AlarmName }) => AlarmName)).toEqual(['posture-calls-unauthorized']);
      },
    },
  },
  compliant: {
    'an account with a metric filter and an alarm of its own': {
      seed: logged(async (world) => {
        await count(world, root, metric);
        await alarm(world, { AlarmActions: ['arn:aws:automate:eu-west-1:ec2:stop', topicOf(world)] });
      }),
    },
    'a metric filter and an alarm for the second of two log groups': {
      seed: twoLogGroups(async (world) => {
        await count(world, root, metric, 'theirs', 'second');
        await alarm(world, { AlarmActions: [topicOf(world)] });
      }),
    },
    'an alarm to a topic of another account': {
      seed: logged(async (world) => {
        await count(world, root, metric);
        await alarm(world, { AlarmActions: [topicOf({ ...world, account: '999988887777' })] });
      }),
    },
  },
  obstacles: {
    'an account without a trail': { seed: async ({ account }) => account, outcome: 'unfixable', reason: /no multi-Region trail/ },
    'a trail that does not log': {
      seed: logged(async (world) => {
        await world.send(new StopLoggingCommand({ Name: 'main' }));
      }),
      outcome: 'unfixable',
      reason: /trail\/main does not send all management events/,
    },
    'a trail of one region': {
      seed: logged(undefined, { IsMultiRegionTrail: false }),
      outcome: 'unfixable',
      reason: /no multi-Region trail/,
    },
    'a trail of another region': {
      seed: async (world) => logged()(world.in('us-east-1')),
      outcome: 'unfixable',
      reason: /belongs to account \d+ in us-east-1/,
    },
    'two log groups without a metric filter': {
      seed: twoLogGroups(),
      outcome: 'unfixable',
      reason: /Several log groups receive all management events \(cloudtrail, second\).*Set logGroup/,
    },
    'two log groups, both with the metric filter of the control': {
      seed: twoLogGroups(async (world) => {
        await count(world, root, metric);
        await count(world, root, metric, 'theirs', 'second');
      }),
      outcome: 'unfixable',
      reason: /Several log groups/,
    },
    'a log group that no trail writes to, by the policy': {
      seed: logged(),
      parameters: { logGroup: 'other' },
      outcome: 'unfixable',
      reason: /to the log group other\. Set logGroup to one of these: cloudtrail/,
    },
    'a topic that is not there': {
      seed: logged(),
      parameters: { topicArn: 'arn:aws:sns:us-west-2:111122223333:alarms' },
      outcome: 'unfixable',
      reason: /is not in /,
    },
    'a topic whose policy lets nobody else publish': {
      seed: logged(async (world) => {
        const Statement = [
          { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sns:Publish', Resource: topicOf(world) },
        ];
        const AttributeValue = JSON.stringify({ Version: '2012-10-17', Statement });
        await world.send(new SetTopicAttributesCommand({ TopicArn: topicOf(world), AttributeName: 'Policy', AttributeValue }));
      }),
      outcome: 'unfixable',
      reason: /does not allow CloudWatch to publish/,
    },
    'a topic with the key of SNS': {
      seed: logged(async (world) => {
        const input = { TopicArn: topicOf(world), AttributeName: 'KmsMasterKeyId', AttributeValue: 'alias/aws/sns' };
        await world.send(new SetTopicAttributesCommand(input));
      }),
      outcome: 'unfixable',
      reason: /alias\/aws\/sns, which CloudWatch cannot use/,
    },
    'a topic with a key that CloudWatch may not use': {
      seed: logged((world) => encrypt(world, 'events.amazonaws.com')),
      outcome: 'unfixable',
      reason: /policy of the key of the topic .* does not allow CloudWatch to use it/,
    },
    'a metric filter of another sort with the name of ours': {
      seed: logged((world) => count(world, '{$.eventName = ConsoleLogin}', metric, 'posture-root-user-used')),
      outcome: 'unfixable',
      reason: /log group cloudtrail, a metric filter named posture-root-user-used exists/,
    },
    'an alarm of another sort with the name of ours': {
      seed: logged((world) => alarm(world, { AlarmName: 'posture-root-user-used', AlarmActions: [topicOf(world)] })),
      outcome: 'unfixable',
      reason: /An alarm named posture-root-user-used exists with a different configuration/,
    },
    'no topic at all': { seed: logged(), parameters: { topicArn: '' }, outcome: 'not-configured' },
  },
  missing: 'always there',
  unexercised: { 'cloudtrail:GetEventSelectors': 'moto never says that a trail has selectors of its own.' },
});

function logged(more: (world: World) => Promise<unknown> = async () => {}, over: { readonly IsMultiRegionTrail?: boolean } = {}) {
  return async (world: World): Promise<string> => {
    const bucket = `trail-${world.account}`;
    await world.in('us-east-1').send(new CreateBucketCommand({ Bucket: bucket }));
    await world.send(new CreateLogGroupCommand({ logGroupName }));
    const place = `${world.region}:${world.account}`;
    await world.send(
      new CreateTrailCommand({
        Name: 'main',
        S3BucketName: bucket,
        IsMultiRegionTrail: true,
        CloudWatchLogsLogGroupArn: `arn:aws:logs:${place}:log-group:${logGroupName}:*`,
        CloudWatchLogsRoleArn: `arn:aws:iam::${world.account}:role/trail`,
        ...over,
      }),
    );
    await world.send(new StartLoggingCommand({ Name: 'main' }));
    await world.send(new CreateTopicCommand({ Name: 'alarms' }));
    await world.send(new SubscribeCommand({ TopicArn: topicOf(world), Protocol: 'sqs', Endpoint: `arn:aws:sqs:${place}:on-call` }));
    await more(world);
    return world.account;
  };
}

/** A second trail of all management events, with a log group of its own. */
function twoLogGroups(more: (world: World) => Promise<unknown> = async () => {}) {
  return logged(async (world) => {
    await world.send(new CreateLogGroupCommand({ logGroupName: 'second' }));
    await world.send(
      new CreateTrailCommand({
        Name: 'also',
        S3BucketName: `trail-${world.account}`,
        IsMultiRegionTrail: true,
        CloudWatchLogsLogGroupArn: `arn:aws:logs:${world.region}:${world.account}:log-group:second:*`,
        CloudWatchLogsRoleArn: `arn:aws:iam::${world.account}:role/trail`,
      }),
    );
    await world.send(new StartLoggingCommand({ Name: 'also' }));
    await more(world);
  });
}

/** Encrypts the topic with a key that a service may use. */
async function encrypt(world: World, Service: string) {
  const Statement = [{ Effect: 'Allow', Principal: { Service }, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: '*' }];
  const { KeyMetadata } = await world.send(new CreateKeyCommand({ Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }));
  const AttributeValue = KeyMetadata?.KeyId;
  await world.send(new SetTopicAttributesCommand({ TopicArn: topicOf(world), AttributeName: 'KmsMasterKeyId', AttributeValue }));
}

async function count(world: World, filterPattern: string, { namespace, name }: typeof metric, filterName = 'theirs', group = logGroupName) {
  const metricTransformations = [{ metricNamespace: namespace, metricName: name, metricValue: '1' }];
  await world.send(new PutMetricFilterCommand({ logGroupName: group, filterName, filterPattern, metricTransformations }));
}

async function alarm(world: World, over: Partial<ConstructorParameters<typeof PutMetricAlarmCommand>[0]>) {
  await world.send(
    new PutMetricAlarmCommand({
      AlarmName: 'a-theirs',
      Namespace: metric.namespace,
      MetricName: metric.name,
      Statistic: 'Sum',
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
      ...over,
    }),
  );
}

const filtersOf = async (world: World, group = logGroupName) =>
  (await world.send(new DescribeMetricFiltersCommand({ logGroupName: group }))).metricFilters;
const alarmsOf = async (world: World) =>
  ((await world.send(new DescribeAlarmsCommand({}))).MetricAlarms ?? []).sort((a, b) =>
    (a.AlarmName ?? '') < (b.AlarmName ?? '') ? -1 : 1,
  );

it('looks for the very patterns of AWS, one for each control', () => {
  expect(activities.map(({ control }) => control)).toEqual(Array.from({ length: 14 }, (_, index) => `CloudWatch.${index + 1}`));
  expect(new Set(activities.map(({ name }) => name)).size).toBe(14);
  const patterns = Object.fromEntries(activities.map(({ control, pattern }) => [control, pattern]));
  expect(patterns).toMatchObject({
    'CloudWatch.5':
      '{($.eventName=CreateTrail) || ($.eventName=UpdateTrail) || ($.eventName=DeleteTrail) || ($.eventName=StartLogging) || ($.eventName=StopLogging)}',
    'CloudWatch.7': '{($.eventSource=kms.amazonaws.com) && (($.eventName=DisableKey) || ($.eventName=ScheduleKeyDeletion))}',
    'CloudWatch.13':
      '{($.eventSource=ec2.amazonaws.com) && (($.eventName=CreateRoute) || ($.eventName=CreateRouteTable) || ($.eventName=ReplaceRoute) || ($.eventName=ReplaceRouteTableAssociation) || ($.eventName=DeleteRouteTable) || ($.eventName=DeleteRoute) || ($.eventName=DisassociateRouteTable))}',
  });
});

it.each([
  ['{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy  NOT  EXISTS && $.eventType != "AwsServiceEvent" }', 'CloudWatch.1', true],
  ['{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }', 'CloudWatch.6', true],
  ['{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failedauthentication") }', 'CloudWatch.6', false],
])('takes %s for the pattern of %s: %s', (pattern, id, same) => {
  const activity = activities.find(({ control }) => control === id);
  expect(activity && looksFor(pattern, activity)).toBe(same);
});

describe('what is there', () => {
  const place = { account: '111122223333', region: 'eu-west-1' };
  const resource = { ...place, partition: 'aws', type: 'AWS::::Account', id: place.account, arn: `AWS::::Account:${place.account}` };
  const trail = {
    TrailARN: 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/a',
    IsMultiRegionTrail: true,
    HasCustomEventSelectors: true,
    CloudWatchLogsLogGroupArn: 'arn:aws:logs:eu-west-1:111122223333:log-group:/trails/a:*',
  };
  const all = { EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'All' }] };
  const topic = topicOf(place);
  const open = JSON.stringify({
    Statement: { Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' }, Action: 'SNS:*', Resource: topic },
  });
  const alarmArn = 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm';
  const keyArn = 'arn:aws:kms:eu-west-1:111122223333:key/k';
  const using = (over: object = {}) => ({
    Policy: JSON.stringify({
      Statement: { ...JSON.parse(open).Statement, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: '*', ...over },
    }),
  });
  const answers = {
    DescribeKey: { KeyMetadata: { Arn: keyArn, KeyState: 'Enabled' } },
    GetKeyPolicy: using(),
    DescribeTrails: { trailList: [trail] },
    GetTrailStatus: { IsLogging: true },
    GetEventSelectors: all,
    GetTopicAttributes: { Attributes: { SubscriptionsConfirmed: '1', Policy: open } },
  };
  const seen = (over: Readonly<Record<string, object | ((input: never) => object)>> = {}) => {
    const known: Readonly<Record<string, object | ((input: never) => object)>> = { ...answers, ...over };
    const send = async (command: AwsCommand) => {
      const answer = known[command.constructor.name.replace('Command', '')] ?? {};
      if (answer instanceof Error) throw answer;
      return typeof answer === 'function' ? answer(command.input as never) : answer;
    };
    return rule.inspect(resource, { send } as unknown as Aws, { topicArn: topic }) as Promise<ReturnType<typeof JSON.parse>>;
  };

  it.each([
    ['the log of all management events', all, true],
    ['writes alone', { EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'WriteOnly' }] }, false],
    ['data alone', { EventSelectors: [{ IncludeManagementEvents: false, ReadWriteType: 'All' }] }, false],
    ['all management events, by fields', fields({ Field: 'eventCategory', Equals: ['Management'] }), true],
    [
      'all management events but those of KMS',
      fields({ Field: 'eventSource', NotEquals: ['kms.amazonaws.com'] }, { Field: 'eventCategory', Equals: ['Management'] }),
      true,
    ],
    ['reads, by fields', fields({ Field: 'eventCategory', Equals: ['Management'] }, { Field: 'readOnly', Equals: ['true'] }), false],
    ['data, by fields', fields({ Field: 'eventCategory', Equals: ['Data'] }), false],
  ])('is, for a trail that selects %s, worth an alarm or not', async (_what, GetEventSelectors, good) => {
    const { trail: read } = await seen({ GetEventSelectors });
    expect(read).toEqual(good ? { logGroups: ['/trails/a'] } : { nearest: trail.TrailARN });
  });

  it('is the second trail, where the first sends its log nowhere', async () => {
    const first = { ...trail, TrailARN: `${trail.TrailARN.slice(0, -1)}0`, CloudWatchLogsLogGroupArn: undefined };
    const theirs = { ...trail, TrailARN: trail.TrailARN.replace('111122223333', '000000000000') };
    expect((await seen({ DescribeTrails: { trailList: [trail, first, theirs] } })).trail).toEqual({ logGroups: ['/trails/a'] });
    expect((await seen({ DescribeTrails: { trailList: [first, theirs] } })).trail).toEqual({ nearest: first.TrailARN });
    expect((await seen({ DescribeTrails: { trailList: [theirs] } })).trail).toEqual({ nearest: theirs.TrailARN });
  });

  it.each([
    ['ready', {}],
    ['unsubscribed', { SubscriptionsConfirmed: '0' }],
    ['locked', { KmsMasterKeyId: 'alias/aws/sns' }],
    ['ready', { KmsMasterKeyId: '' }],
    ['ready', { KmsMasterKeyId: 'alias/alarms' }],
    ['closed', { Policy: open.replace('"Resource"', '"Condition":{"StringEquals":{"aws:SourceAccount":"999988887777"}},"Resource"') }],
    ['ready', { Policy: open.replace('"Resource"', '"Condition":{"StringEquals":{"AWS:SourceOwner":"111122223333"}},"Resource"') }],
    ['ready', { Policy: open.replace('"Resource"', `"Condition":{"ArnLike":{"aws:SourceArn":"${alarmArn}:*"}},"Resource"`) }],
    ['closed', { Policy: open.replace('"Resource"', `"Condition":{"ArnLike":{"aws:SourceArn":"${alarmArn}:shop-*"}},"Resource"`) }],
    ['closed', { Policy: open.replace(topic, `${topic}-2`) }],
    ['closed', { Policy: open.replace('cloudwatch', 'events') }],
    ['closed', { Policy: open.replace('Allow', 'Deny') }],
    ['closed', { Policy: open.replace('SNS:*', 'SNS:Subscribe') }],
    ['ready', { Policy: open.replace('{"Service":"cloudwatch.amazonaws.com"}', '"*"') }],
    ['ready', { Policy: open.replace('{"Service":"cloudwatch.amazonaws.com"}', '{"AWS":"arn:aws:iam::111122223333:root"}') }],
    ['closed', { Policy: open.replace('{"Service":"cloudwatch.amazonaws.com"}', '{"AWS":"arn:aws:iam::999988887777:root"}') }],
  ])('is a topic that is %s, by %j', async (state, over) => {
    const GetTopicAttributes = { Attributes: { ...answers.GetTopicAttributes.Attributes, ...over } };
    expect(await seen({ GetTopicAttributes })).toMatchObject({ topic: state });
  });

  it.each<[string, string, object]>([
    ['ready', 'lets CloudWatch use it', {}],
    [
      'ready',
      'lets CloudWatch use it for this account',
      { GetKeyPolicy: using({ Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } }) },
    ],
    [
      'keyed',
      'lets it use it for another',
      { GetKeyPolicy: using({ Condition: { StringEquals: { 'aws:SourceAccount': '999988887777' } } }) },
    ],
    ['keyed', 'lets others use it', { GetKeyPolicy: using({ Principal: { AWS: 'arn:aws:iam::111122223333:root' } }) }],
    ['keyed', 'lets it encrypt alone', { GetKeyPolicy: using({ Action: 'kms:GenerateDataKey*' }) }],
    ['keyed', 'lets it decrypt alone', { GetKeyPolicy: using({ Action: 'kms:Decrypt' }) }],
    ['keyed', 'is disabled', { DescribeKey: { KeyMetadata: { Arn: keyArn, KeyState: 'Disabled' } } }],
    ['keyed', 'is gone', { DescribeKey: Object.assign(new Error(), { name: 'NotFoundException' }) }],
    ['keyed', 'tells us nothing', { DescribeKey: Object.assign(new Error(), { name: 'AccessDeniedException' }) }],
    ['keyed', 'does not tell its policy', { GetKeyPolicy: Object.assign(new Error(), { name: 'AccessDeniedException' }) }],
  ])('is a topic that is %s, for its key %s', async (state, _key, over) => {
    const GetTopicAttributes = { Attributes: { ...answers.GetTopicAttributes.Attributes, KmsMasterKeyId: 'alias/alarms' } };
    expect(await seen({ GetTopicAttributes, ...over })).toMatchObject({ topic: state });
  });

  it.each([
    ['a metric filter for CloudWatch.1', root],
    ['metric filters for account activity', consoleFailed],
  ])('says in the plan why it takes one of two log groups: %s', async (why, filterPattern) => {
    const trails = ['a', 'b'].map((name) => ({
      ...trail,
      TrailARN: `${trail.TrailARN}-${name}`,
      CloudWatchLogsLogGroupArn: `${trail.CloudWatchLogsLogGroupArn.slice(0, -3)}${name}:*`,
    }));
    const metricTransformations = [{ metricNamespace: 'n', metricName: 'm' }];
    const state = await seen({
      DescribeTrails: { trailList: trails },
      DescribeMetricFilters: ({ logGroupName: group }: { logGroupName: string }) =>
        group === '/trails/b' ? { metricFilters: [{ filterName: 'f', filterPattern, metricTransformations }] } : {},
    });
    const plan = rule.plan(resource, state, { parameters: { topicArn: topic }, detectedBy: 'CloudWatch.1', now: new Date(0) });
    expect(isChanges(plan) && plan[0]?.note).toBe(`Of the log groups /trails/a, /trails/b, only /trails/b has ${why}.`);
  });

  it('is read from all pages', async () => {
    const filter = (filterName: string, dimensions?: object) => ({
      filterName,
      filterPattern: root,
      metricTransformations: [{ metricNamespace: 'n', metricName: filterName, dimensions }],
    });
    const alarmOn = (name: string) => ({
      AlarmName: `on ${name}`,
      Namespace: 'n',
      MetricName: name,
      ActionsEnabled: true,
      AlarmActions: [topic],
    });
    const state = await seen({
      DescribeMetricFilters: ({ nextToken }: { nextToken?: string }) =>
        nextToken
          ? { metricFilters: [filter('a'), filter('c', { user: '$.user' }), { ...filter('e'), filterPattern: 'error' }] }
          : { metricFilters: [filter('b')], nextToken: '2' },
      DescribeAlarms: ({ NextToken }: { NextToken?: string }) =>
        NextToken
          ? { MetricAlarms: [alarmOn('a'), alarmOn('d'), { ...alarmOn('a'), AlarmName: 'of another', Namespace: 'm' }] }
          : { MetricAlarms: [alarmOn('b')], NextToken: '2' },
    });
    expect(state.filters).toMatchObject([{ name: 'a' }, { name: 'b' }, { name: 'c', metrics: [] }]);
    expect(state.alarms).toMatchObject([{ name: 'on a', notifies: true }, { name: 'on b' }]);
  });
});

function fields(...FieldSelectors: readonly object[]) {
  return { AdvancedEventSelectors: [{ FieldSelectors }] };
}
