import { DescribeTrailsCommand, type Trail } from '@aws-sdk/client-cloudtrail';
import type { Aws, Grant, Obstacle, Place, Resource } from '../../rule';

/** The permissions that reading and listing trails needs. */
export const trailReading: Grant = { actions: ['cloudtrail:DescribeTrails'], on: '*' };

/** A trail, or a shadow trail with its name, which has another ARN. Undefined if neither exists. */
export async function readTrail({ id, arn }: Resource, aws: Aws): Promise<Trail | undefined> {
  // A lookup by name finds only trails of this account and region; shadow trails appear only in the list.
  const { trailList = [] } = await aws.send(new DescribeTrailsCommand({}));
  const namesakes = trailList.filter(({ Name }) => Name === id);
  return namesakes.find(({ TrailARN }) => TrailARN === arn) ?? namesakes[0];
}

/** Why a shadow trail cannot be changed, and where the original can. */
export function elsewhere(arn: string, account: string): Obstacle {
  const [, , , region, owner] = arn.split(':');
  return owner === account
    ? { unfixable: `This is a shadow trail of ${arn}, which can be changed only in ${region}.`, code: 'trail-in-other-region' }
    : {
        unfixable: `This is a shadow trail of the organization trail ${arn}, which only account ${owner} can change, in ${region}.`,
        code: 'organization-trail',
      };
}

/** The ARNs of the trails of an account and region. */
export async function listTrails(_: Place, aws: Aws): Promise<readonly string[]> {
  const { trailList = [] } = await aws.send(new DescribeTrailsCommand({ includeShadowTrails: false }));
  return trailList.flatMap(({ TrailARN }) => TrailARN ?? []);
}
