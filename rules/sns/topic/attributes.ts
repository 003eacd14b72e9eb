import { GetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { undefinedOn } from '../../absence';
import type { Aws, Resource } from '../../rule';

/** All attributes of a topic, as strings; undefined if the topic does not exist. */
export async function readAttributes({ arn }: Pick<Resource, 'arn'>, aws: Aws): Promise<Readonly<Record<string, string>> | undefined> {
  const answer = await undefinedOn(['NotFoundException', 'NotFound'], aws.send(new GetTopicAttributesCommand({ TopicArn: arn })));
  return answer && (answer.Attributes ?? {});
}
