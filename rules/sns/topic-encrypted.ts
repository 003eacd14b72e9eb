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
import { type Aws, defineRule, gone } from '../rule';
import { readAttributes } from './topic/attributes';
import { listing, listTopics } from './topic/list';
import { topic, topics } from './topic/resource';

/** The key that AWS makes and manages, and whose policy nobody can change. */
const managedByAws = 'alias/aws/sns';

const parameters = z.strictObject({
  kmsKeyId: z
    .string()
    .regex(
      /^(arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)\/[\w/-]{1,256}|alias\/[\w/-]{1,256}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/,
    )
    .default(managedByAws)
    .describe(
      'The KMS key that encrypts: its ARN, id or alias. With alias/aws/sns, AWS services can not publish; a key of your own has to let them use kms:GenerateDataKey* and kms:Decrypt.',
    ),
});

/** `services`: those that the topic policy names, such as `s3.amazonaws.com`. `alarm`: one of those that the topic tells of, where that matters. */
type State = { readonly key: string | null; readonly services: readonly string[]; readonly alarm?: string };

export default defineRule({
  id: 'sns-topic-encrypted',
  title: 'SNS topics encrypt their messages with a KMS key',
  why: 'With a KMS key, whoever reads the stored messages needs a permission for the key too, and each use of it is logged.',
  impact:
    'Publishers need kms:GenerateDataKey* and kms:Decrypt for the key. With alias/aws/sns AWS services can not publish any more: a topic whose policy names one, or that an alarm tells, is left alone, but not every service shows (RDS, SES). KMS bills requests.',
  severity: 'medium',
  risk: 'disruptive',
  resource: topic,
  property: 'KmsMasterKeyId',
  detectedBy: { securityHub: ['SNS.1'], config: ['sns-encrypted-kms'] },
  permissions: {
    inspect: [
      { actions: ['sns:GetTopicAttributes'], on: topics },
      // Composite alarms are shown only to who may see all alarms.
      { actions: ['cloudwatch:DescribeAlarms'], on: '*' },
      listing,
    ],
    change: { actions: ['sns:SetTopicAttributes'], on: topics },
  },
  clients: [SNSClient, CloudWatchClient],
  commands: [SetTopicAttributesCommand],
  parameters,

  async inspect(resource, aws, chosen): Promise<State | typeof gone> {
    const attributes = await readAttributes(resource, aws);
    if (!attributes) return gone;
    const statements = readPolicy(attributes.Policy ?? '')?.statements ?? [];
    const key = attributes.KmsMasterKeyId || null;
    const state = { key, services: [...new Set(statements.flatMap(servicesIn))].sort() };
    // CloudWatch needs no word in the policy to publish to a topic of its account.
    const alarm = key === null && chosen?.kmsKeyId === managedByAws ? await alarmFor(resource.arn, aws) : undefined;
    return { ...state, ...(alarm !== undefined && { alarm }) };
  },

  plan({ arn }, { key, services, alarm }, { parameters: { kmsKeyId } }) {
    if (key !== null) return [];
    if (kmsKeyId === managedByAws && services.length > 0)
      return {
        unfixable: `The topic policy lets ${services.slice(0, 10).join(', ')} publish, and AWS services can not use ${managedByAws}. Set kmsKeyId to a key whose policy lets them use kms:GenerateDataKey* and kms:Decrypt.`,
      };
    if (kmsKeyId === managedByAws && alarm !== undefined)
      return {
        unfixable: `The alarm ${alarm} publishes to the topic, and CloudWatch can not use ${managedByAws}: nobody would hear of it any more. Set kmsKeyId to a key whose policy lets cloudwatch.amazonaws.com use kms:GenerateDataKey* and kms:Decrypt.`,
      };
    const encryption = (AttributeValue: string) =>
      new SetTopicAttributesCommand({ TopicArn: arn, AttributeName: 'KmsMasterKeyId', AttributeValue });
    // An empty text turns encryption off.
    return [{ do: encryption(kmsKeyId), undo: encryption('') }];
  },

  list: listTopics,
});

const servicesIn = ({ Effect, Principal }: JsonObject): readonly string[] =>
  Effect === 'Allow' && isObject(Principal) && Principal.Service !== undefined ? (stringsIn(Principal.Service) ?? []) : [];

/** The first by name of the alarms that publish to a topic. */
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
