import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { RDSClient } from '@aws-sdk/client-rds';
import { SetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import * as z from 'zod';
import { readPolicy } from '../policy';
import { defineRule, notFound } from '../rule';
import { readAttributes } from './topic/attributes';
import { listing, listTopics } from './topic/list';
import { publisherReading, servicesIn, unnamedPublisher } from './topic/publishers';
import { topic, topics } from './topic/resource';

/** The AWS managed key, whose policy can't be changed. */
const managedByAws = 'alias/aws/sns';
const isManagedByAws = (key: string): boolean => key === managedByAws || key.endsWith(`:${managedByAws}`);

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

/**
 * `services`: those that the topic policy allows to publish, such as `s3.amazonaws.com`; null if the policy can't be read.
 * `publisher`: what else publishes to the topic, if anything, as the start of a sentence.
 */
type State = { readonly key: string | null; readonly services: readonly string[] | null; readonly publisher?: string };

export default defineRule({
  id: 'sns-topic-encrypted',
  title: 'SNS topics are encrypted at rest with a KMS key',
  why: 'With a KMS key, reading stored messages also requires permission for the key, and each use of the key is logged.',
  impact:
    'Publishers need kms:GenerateDataKey* and kms:Decrypt for the key. With alias/aws/sns, AWS services can no longer publish: a topic is not changed if its policy allows a service to publish, by name or by a condition, or if a CloudWatch alarm or an event subscription of Amazon RDS publishes to it. Other services that rely on the default topic policy are not detectable. AWS KMS charges for requests.',
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
    inspect: [{ actions: ['sns:GetTopicAttributes'], on: topics }, ...publisherReading, listing],
    change: { actions: ['sns:SetTopicAttributes'], on: topics },
  },
  clients: [SNSClient, CloudWatchClient, RDSClient],
  commands: [SetTopicAttributesCommand],
  parameters,

  async inspect(resource, aws, chosen): Promise<State | typeof notFound> {
    const attributes = await readAttributes(resource, aws);
    if (!attributes) return notFound;
    const policy = attributes.Policy === undefined ? { statements: [] } : readPolicy(attributes.Policy);
    const key = attributes.KmsMasterKeyId || null;
    const state = { key, services: policy ? servicesIn(policy.statements, resource.account) : null };
    // These can publish to a topic of the same account without being named in its policy.
    const publisher = key === null && isManagedByAws(chosen?.kmsKeyId ?? '') ? await unnamedPublisher(resource.arn, aws) : undefined;
    return { ...state, ...(publisher !== undefined && { publisher }) };
  },

  plan({ arn }, { key, services, publisher }, { parameters: { kmsKeyId } }) {
    if (key !== null) return [];
    const unusable = isManagedByAws(kmsKeyId);
    if (unusable && services === null)
      return {
        unfixable: `The topic policy cannot be parsed as JSON, so whether AWS services publish to the topic is unknown. Set kmsKeyId to a key that they may use.`,
        code: 'state-unreadable',
      };
    if (unusable && services !== null && services.length > 0)
      return {
        unfixable: `The topic policy allows ${services.slice(0, 10).join(', ')} to publish, and AWS services cannot use ${managedByAws}. Set kmsKeyId to a key whose policy allows them kms:GenerateDataKey* and kms:Decrypt, or name the publishers in the topic policy.`,
        code: 'key-unusable-by-services',
      };
    if (unusable && publisher !== undefined)
      return {
        unfixable: `${publisher} cannot use ${managedByAws}, so its notifications would be lost. Set kmsKeyId to a key whose policy allows the service kms:GenerateDataKey* and kms:Decrypt.`,
        code: 'key-unusable-by-services',
      };
    const encryption = (AttributeValue: string) =>
      new SetTopicAttributesCommand({ TopicArn: arn, AttributeName: 'KmsMasterKeyId', AttributeValue });
    // An empty string disables encryption.
    return [{ do: encryption(kmsKeyId), undo: encryption('') }];
  },

  list: listTopics,
});
