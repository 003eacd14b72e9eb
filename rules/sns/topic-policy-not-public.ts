import { SetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import type { JsonObject } from '../json';
import { readPolicy, writePolicy } from '../policy';
import { close } from '../public-statements';
import { defineRule, notFound, type Resource } from '../rule';
import { readAttributes } from './topic/attributes';
import { listing, listTopics } from './topic/list';
import { topic, topics } from './topic/resource';

export default defineRule({
  id: 'sns-topic-policy-not-public',
  title: 'SNS topic policies do not allow public access',
  why: 'Anyone who knows the ARN of a public topic can subscribe to its messages, or publish messages that your systems trust.',
  impact:
    'Publishers and subscribers that have access only through the public statements lose it, including AWS services of the same account: add them to the policy first. Named principals keep access, and so do users and roles of the account that have it by an IAM policy.',
  severity: 'critical',
  risk: 'disruptive',
  exposes: true,
  resource: topic,
  detectedBy: { securityHub: ['SNS.4'], config: ['sns-topic-no-public-access'], accessAnalyzer: ['PublicAccess/AWS::SNS::Topic'] },
  permissions: {
    inspect: [{ actions: ['sns:GetTopicAttributes'], on: topics }, listing],
    change: { actions: ['sns:SetTopicAttributes'], on: topics },
  },
  clients: [SNSClient],
  commands: [SetTopicAttributesCommand],

  async inspect(resource, aws) {
    const attributes = await readAttributes(resource, aws);
    return attributes ? { policy: attributes.Policy ?? null } : notFound;
  },

  plan(resource, { policy: text }) {
    if (text === null) return [];
    const policy = readPolicy(text);
    if (!policy)
      return {
        unfixable: 'The topic policy cannot be parsed as JSON and rewritten without loss. Rewrite it manually.',
        code: 'state-unreadable',
      };
    const closing = close(policy.statements);
    if (closing === 'closed') return [];
    if ('unfixable' in closing) return closing;
    const closed = writePolicy(policy, closing.left.length > 0 ? closing.left : [ownersStatement(resource)]);
    return [{ do: put(resource, closed), undo: put(resource, text) }];
  },

  list: listTopics,
});

const put = ({ arn }: Resource, AttributeValue: string) =>
  new SetTopicAttributesCommand({ TopicArn: arn, AttributeName: 'Policy', AttributeValue });

/** The default policy of a new topic, for its own account only. A topic always has a policy. */
const ownersStatement = ({ arn, account }: Resource): JsonObject => ({
  Sid: '__default_statement_ID',
  Effect: 'Allow',
  Principal: { AWS: '*' },
  Action: [
    'SNS:GetTopicAttributes',
    'SNS:SetTopicAttributes',
    'SNS:AddPermission',
    'SNS:RemovePermission',
    'SNS:DeleteTopic',
    'SNS:Subscribe',
    'SNS:ListSubscriptionsByTopic',
    'SNS:Publish',
  ],
  Resource: arn,
  Condition: { StringEquals: { 'AWS:SourceOwner': account } },
});
