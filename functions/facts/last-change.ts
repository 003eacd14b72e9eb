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
 * Who changed the resource last, as CloudTrail's event history of 90 days tells; undefined where it has nobody but ourselves. The history is
 * some minutes behind. Source: the CloudTrail API, LookupEvents, which answers twice a second for an account and region.
 */
export async function lastChangeOf(resource: Resource, aws: Aws): Promise<LastChange | undefined> {
  // Services name what was changed by id or by ARN, and some as the caller did: who looks for one alone, others can hide from.
  const names = new Set([resource.id, ...(resource.arn.startsWith('arn:') ? [resource.arn] : [])]);
  let last: LastChange | undefined;
  for (const name of names) {
    const found = await lastOf(name, resource.account, aws, last?.at);
    last = found ?? last;
  }
  return last;
}

/** The last change under that name, where it is later than `since`. */
async function lastOf(name: string, account: string, aws: Aws, since: string | undefined): Promise<LastChange | undefined> {
  const LookupAttributes = [{ AttributeKey: 'ResourceName' as const, AttributeValue: name }];
  let NextToken: string | undefined;
  // Reads stand among the changes: some pages are enough for a person to have been there.
  for (let page = 0; page < 3; page += 1) {
    const answer: LookupEventsCommandOutput = await aws.send(new LookupEventsCommand({ LookupAttributes, MaxResults: 50, NextToken }));
    for (const { CloudTrailEvent = '' } of answer.Events ?? []) {
      const event = shape.parse(JSON.parse(CloudTrailEvent));
      if (since !== undefined && Date.parse(event.eventTime) <= Date.parse(since)) return undefined;
      if (isChangeOfOthers(event, account)) return changeIn(event);
    }
    NextToken = answer.NextToken;
    if (NextToken === undefined) return undefined;
  }
  return undefined;
}

type Recorded = z.infer<typeof shape>;

const isChangeOfOthers = ({ readOnly, errorCode, userIdentity }: Recorded, account: string): boolean =>
  readOnly !== true && errorCode === undefined && !isOurs(userIdentity.arn, account);

const changeIn = ({ eventName, eventTime, userAgent, userIdentity: { arn, invokedBy, type } }: Recorded): LastChange => ({
  principal: arn ?? invokedBy ?? type ?? 'unknown',
  userAgent: invokedBy ?? userAgent,
  event: eventName,
  at: eventTime,
});

/** Whether a rule's function did it: by its member role of that account, in a session with the rule's name. A user agent is whatever its sender says. */
export function isOurs(arn: string | undefined, account: string): boolean {
  const [, of, rule = '', session] = /^arn:[^:]+:sts::(\d{12}):assumed-role\/posture-([^/]+)\/(.+)$/.exec(arn ?? '') ?? [];
  return of === account && session === rule.slice(0, 64);
}
