import { DescribeTrailsCommand, type Trail } from '@aws-sdk/client-cloudtrail';
import type { Aws, Grant, Place, Resource } from '../../rule';

/** What the reading and the listing of trails need. */
export const trailReading: Grant = { actions: ['cloudtrail:DescribeTrails'], on: '*' };

/** A trail, or the copy of one of its name; its ARN tells. Undefined where there is neither. */
export async function readTrail({ id, arn }: Resource, aws: Aws): Promise<Trail | undefined> {
  // A name finds only the trails of this account and region; copies of others show in the list alone.
  const { trailList = [] } = await aws.send(new DescribeTrailsCommand({}));
  const namesakes = trailList.filter(({ Name }) => Name === id);
  return namesakes.find(({ TrailARN }) => TrailARN === arn) ?? namesakes[0];
}

/** Why a copy of a trail can't be changed, and where the trail can. */
export function elsewhere(arn: string, account: string): string {
  const [, , , region, owner] = arn.split(':');
  return owner === account
    ? `This is the copy of a trail of ${region}: it can be changed only there, as ${arn}.`
    : `This is the copy of a trail of the organization: it can be changed only by account ${owner}, in ${region}, as ${arn}.`;
}

/** The ARNs of the trails of an account and region. */
export async function listTrails(_: Place, aws: Aws): Promise<readonly string[]> {
  const { trailList = [] } = await aws.send(new DescribeTrailsCommand({ includeShadowTrails: false }));
  return trailList.flatMap(({ TrailARN }) => TrailARN ?? []);
}
