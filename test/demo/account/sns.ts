import { deepStrictEqual } from 'node:assert';
import { CreateTopicCommand, GetTopicAttributesCommand, SetTopicAttributesCommand } from '@aws-sdk/client-sns';
import type { JsonObject } from '../../../rules/json';
import type { World } from '../../contract/scenario';
import type { ReportedResource } from '../../events/resources';
import type { Piece } from './piece';

const alarms = (arn: string): JsonObject => ({
  Sid: 'alarms',
  Effect: 'Allow',
  Principal: { Service: 'cloudwatch.amazonaws.com' },
  Action: 'sns:Publish',
  Resource: arn,
});

const anybody = (arn: string): JsonObject => ({ ...alarms(arn), Sid: 'anybody', Principal: '*' });

/** A topic with these statements in its policy; with none, the one that SNS gives it. */
const topic =
  (Name: string, ...statements: readonly ((arn: string) => JsonObject)[]) =>
  async (world: World): Promise<ReportedResource> => {
    const { TopicArn: arn = '' } = await world.send(new CreateTopicCommand({ Name }));
    const AttributeValue = JSON.stringify({ Version: '2012-10-17', Statement: statements.map((statement) => statement(arn)) });
    if (statements.length > 0) await world.send(new SetTopicAttributesCommand({ TopicArn: arn, AttributeName: 'Policy', AttributeValue }));
    return { type: 'AWS::SNS::Topic', arn, configId: arn };
  };

const keepsAlarms = async (world: World, { arn }: ReportedResource): Promise<void> => {
  const { Attributes } = await world.send(new GetTopicAttributesCommand({ TopicArn: arn }));
  deepStrictEqual(JSON.parse(Attributes?.Policy ?? '{}').Statement.at(-1), alarms(arn));
};

export const sns: readonly Piece[] = [
  {
    control: 'SNS.4',
    words: 'public, in addition to CloudWatch alarms',
    resource: topic('on-call', anybody, alarms),
    ends: 'fixed',
    keeps: keepsAlarms,
  },
  {
    control: 'sns-topic-no-public-access',
    words: 'all principals, restricted to the account by a condition',
    resource: topic('newsletter'),
    ends: 'already-compliant',
  },
  { control: 'SNS.1', words: 'not encrypted with a KMS key', resource: topic('releases'), ends: 'fixed' },
  {
    control: 'SNS.1',
    words: 'used by CloudWatch alarms, which cannot use the AWS managed key',
    resource: topic('disk-space', alarms),
    ends: 'unfixable',
  },
];
