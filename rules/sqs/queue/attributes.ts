import { GetQueueAttributesCommand, type QueueAttributeName } from '@aws-sdk/client-sqs';
import { undefinedOn } from '../../absence';
import type { Aws, Resource } from '../../rule';
import { nonexistent, urlOf } from './url';

/** The URL of a queue and some of its attributes, as strings; undefined if the queue does not exist. */
export async function readQueue<Name extends QueueAttributeName>(
  resource: Resource,
  AttributeNames: readonly Name[],
  aws: Aws,
): Promise<{ readonly url: string; readonly attributes: { readonly [name in Name]?: string } } | undefined> {
  const url = await urlOf(resource, aws);
  if (url === undefined) return undefined;
  const answer = await undefinedOn(nonexistent, aws.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...AttributeNames] })));
  return answer && { url, attributes: answer.Attributes ?? {} };
}
