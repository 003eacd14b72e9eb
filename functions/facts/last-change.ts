import { LookupEventsCommand, type LookupEventsCommandOutput } from '@aws-sdk/client-cloudtrail';
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

/**
 * The last change of the resource in CloudTrail's event history of 90 days; undefined if it has none but our own. The history is delayed by
 * some minutes. Source: the CloudTrail API, LookupEvents, which allows two requests per second for an account and region.
 */
export async function lastChangeOf(resource: Resource, aws: Aws): Promise<LastChange | undefined> {
  // Services record the resource by id, by ARN, or as the caller named it: a lookup by only one of them could be evaded.
  const names = new Set([resource.id, ...(resource.arn.startsWith('arn:') ? [resource.arn] : [])]);
  let last: LastChange | undefined;
  for (const name of names) {
    const found = await lastOf(name, resource.account, aws, last?.at);
    last = found ?? last;
  }
  return last;
}

/** The last change under that name, if it is later than `since`. */
async function lastOf(name: string, account: string, aws: Aws, since: string | undefined): Promise<LastChange | undefined> {
  const LookupAttributes = [{ AttributeKey: 'ResourceName' as const, AttributeValue: name }];
  let NextToken: string | undefined;
  // Reads are recorded among the changes; some pages are enough to find a change by an operator.
  for (let page = 0; page < 3; page += 1) {
    const answer: LookupEventsCommandOutput = await aws.send(new LookupEventsCommand({ LookupAttributes, MaxResults: 50, NextToken }));
    for (const { CloudTrailEvent = '' } of answer.Events ?? []) {
      const event = shape.parse(JSON.parse(CloudTrailEvent));
      if (since !== undefined && Date.parse(event.eventTime) <= Date.parse(since)) return undefined;
      if (event.readOnly === true || event.errorCode !== undefined || isOurs(event.userIdentity.arn, account)) continue;
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

/** Whether a rule's function made the change: with its member role in that account, in a session named after the rule. A user agent proves nothing. */
export function isOurs(arn: string | undefined, account: string): boolean {
  const [, of, rule = '', session] = /^arn:[^:]+:sts::(\d{12}):assumed-role\/posture-([^/]+)\/(.+)$/.exec(arn ?? '') ?? [];
  return of === account && session === rule.slice(0, 64);
}
