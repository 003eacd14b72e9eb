import {
  CloudWatchClient,
  type CompositeAlarm,
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandOutput,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { SetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import * as z from 'zod';
import { isObject, type JsonObject } from '../json';
import { collect } from '../pages';
import { readPolicy, stringsIn } from '../policy';
import { type Aws, defineRule, notFound } from '../rule';
import { readAttributes } from './topic/attributes';
import { listing, listTopics } from './topic/list';
import { topic, topics } from './topic/resource';

/** The AWS managed key, whose policy can't be changed. */
const managedByAws = 'alias/aws/sns';

const parameters = z.strictObject({
  kmsKeyId: z
    .string()
    .regex(
      /^(arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)\/[\w/-]{1,256}|alias\/[\w/-]{1,256}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/,
    )
    .default(managedByAws)
    .describe(
      'The ARN, ID or alias of the KMS key. With alias/aws/sns, AWS services cannot publish to the topic. The policy of a customer managed key must allow them kms:GenerateDataKey* and kms:Decrypt.',
    ),
});

/** `services`: those in the topic policy, such as `s3.amazonaws.com`. `alarm`: a CloudWatch alarm that publishes to the topic, if any. */
type State = { readonly key: string | null; readonly services: readonly string[]; readonly alarm?: string };

export default defineRule({
  id: 'sns-topic-encrypted',
  title: 'SNS topics are encrypted at rest with a KMS key',
  why: 'With a KMS key, reading stored messages also requires permission for the key, and each use of the key is logged.',
  impact:
    'Publishers need kms:GenerateDataKey* and kms:Decrypt for the key. With alias/aws/sns, AWS services can no longer publish: a topic whose policy names a service, or that an alarm publishes to, is not changed, but some services are not detectable (RDS, SES). AWS KMS charges for requests.',
  severity: 'medium',
  risk: 'disruptive',
  resource: topic,
  independentUndo: true,
  property: 'KmsMasterKeyId',
  detectedBy: { securityHub: ['SNS.1'], config: ['sns-encrypted-kms'] },
  detectorParameters: {
    'sns-encrypted-kms': { kmsKeyIds: { unmappable: 'The rule does not change the key of an encrypted topic.' } },
  },
  permissions: {
    inspect: [
      { actions: ['sns:GetTopicAttributes'], on: topics },
      // AWS shows composite alarms only to a caller that may describe all alarms.
      { actions: ['cloudwatch:DescribeAlarms'], on: '*' },
      listing,
    ],
    change: { actions: ['sns:SetTopicAttributes'], on: topics },
  },
  clients: [SNSClient, CloudWatchClient],
  commands: [SetTopicAttributesCommand],
  parameters,

  async inspect(resource, aws, chosen): Promise<State | typeof notFound> {
    const attributes = await readAttributes(resource, aws);
    if (!attributes) return notFound;
    const statements = readPolicy(attributes.Policy ?? '')?.statements ?? [];
    const key = attributes.KmsMasterKeyId || null;
    const state = { key, services: [...new Set(statements.flatMap(servicesIn))].sort() };
    // CloudWatch can publish to a topic of the same account without being named in its policy.
    const alarm = key === null && chosen?.kmsKeyId === managedByAws ? await alarmFor(resource.arn, aws) : undefined;
    return { ...state, ...(alarm !== undefined && { alarm }) };
  },

  plan({ arn }, { key, services, alarm }, { parameters: { kmsKeyId } }) {
    if (key !== null) return [];
    if (kmsKeyId === managedByAws && services.length > 0)
      return {
        unfixable: `The topic policy allows ${services.slice(0, 10).join(', ')} to publish, and AWS services cannot use ${managedByAws}. Set kmsKeyId to a key whose policy allows them kms:GenerateDataKey* and kms:Decrypt.`,
        code: 'key-unusable-by-services',
      };
    if (kmsKeyId === managedByAws && alarm !== undefined)
      return {
        unfixable: `The alarm ${alarm} publishes to the topic, and CloudWatch cannot use ${managedByAws}, so its notifications would be lost. Set kmsKeyId to a key whose policy allows cloudwatch.amazonaws.com kms:GenerateDataKey* and kms:Decrypt.`,
        code: 'key-unusable-by-services',
      };
    const encryption = (AttributeValue: string) =>
      new SetTopicAttributesCommand({ TopicArn: arn, AttributeName: 'KmsMasterKeyId', AttributeValue });
    // An empty string disables encryption.
    return [{ do: encryption(kmsKeyId), undo: encryption('') }];
  },

  list: listTopics,
});

const servicesIn = ({ Effect, Principal }: JsonObject): readonly string[] =>
  Effect === 'Allow' && isObject(Principal) && Principal.Service !== undefined ? (stringsIn(Principal.Service) ?? []) : [];

/** The first alarm, by name, that publishes to a topic. */
async function alarmFor(topicArn: string, aws: Aws): Promise<string | undefined> {
  const found = await collect<DescribeAlarmsCommandOutput, MetricAlarm | CompositeAlarm>(
    (NextToken) =>
      aws.send(
        new DescribeAlarmsCommand({ ActionPrefix: topicArn, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], MaxRecords: 100, NextToken }),
      ),
    ({ MetricAlarms = [], CompositeAlarms = [] }) => [...MetricAlarms, ...CompositeAlarms],
    ({ NextToken }) => NextToken,
  );
  const names = found.filter((alarm) => actionsOf(alarm).includes(topicArn)).flatMap(({ AlarmName }) => AlarmName ?? []);
  return names.sort()[0];
}

const actionsOf = ({
  AlarmActions = [],
  OKActions = [],
  InsufficientDataActions = [],
}: MetricAlarm | CompositeAlarm): readonly string[] => [...AlarmActions, ...OKActions, ...InsufficientDataActions];
