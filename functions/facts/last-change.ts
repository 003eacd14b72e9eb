import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import * as z from 'zod';
import type { Aws, Resource } from '../../rules/rule';
import type { LastChange } from '../decision/facts';

const shape = z.object({
  eventName: z.string(),
  eventTime: z.string(),
  readOnly: z.boolean().optional(),
  errorCode: z.string().optional(),
  userAgent: z.string().default(''),
  userIdentity: z.object({ arn: z.string().optional(), invokedBy: z.string().optional(), type: z.string().optional() }).default({}),
});

/** By this the calls of the remediator tell themselves from others. */
const ours = 'posture-remediator';

/**
 * Who changed the resource last, as CloudTrail's event history of 90 days tells; undefined where it has nobody but ourselves. The history is
 * some minutes behind. Source: the CloudTrail API, LookupEvents, which answers twice a second for an account.
 */
export async function lastChangeOf({ id }: Resource, aws: Aws): Promise<LastChange | undefined> {
  let NextToken: string | undefined;
  // Reads stand among the changes: some pages are enough for a person to have been there.
  for (let page = 0; page < 3; page += 1) {
    const answer: { readonly Events?: readonly { readonly CloudTrailEvent?: string }[]; readonly NextToken?: string } = await aws.send(
      new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: id }], MaxResults: 50, NextToken }),
    );
    for (const { CloudTrailEvent = '' } of answer.Events ?? []) {
      const event = shape.parse(JSON.parse(CloudTrailEvent));
      if (event.readOnly === true || event.errorCode !== undefined || event.userAgent.includes(ours)) continue;
      return {
        principal: event.userIdentity.arn ?? event.userIdentity.invokedBy ?? event.userIdentity.type ?? 'unknown',
        userAgent: event.userIdentity.invokedBy ?? event.userAgent,
        event: event.eventName,
        at: event.eventTime,
      };
    }
    NextToken = answer.NextToken;
    if (NextToken === undefined) return undefined;
  }
  return undefined;
}
