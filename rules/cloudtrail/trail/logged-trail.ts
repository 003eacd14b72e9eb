import { DescribeTrailsCommand, GetEventSelectorsCommand, GetTrailStatusCommand, type Trail } from '@aws-sdk/client-cloudtrail';
import type { Aws, Grant, Resource } from '../../rule';

/**
 * The log groups, sorted, to which multi-region trails send all management events, in the account and home region of the trail.
 * If there is none, the trail that comes closest.
 */
export type LoggedTrail = { readonly logGroups: readonly string[] } | { readonly nearest: string | null };

const trails = 'arn:{partition}:cloudtrail:{region}:{account}:trail/*';

export const trailReading: readonly Grant[] = [
  { actions: ['cloudtrail:DescribeTrails'], on: '*' },
  { actions: ['cloudtrail:GetTrailStatus', 'cloudtrail:GetEventSelectors'], on: trails },
];

/** Finds the CloudTrail log groups of an account and region. */
export async function readLoggedTrail(place: Pick<Resource, 'partition' | 'account' | 'region'>, aws: Aws): Promise<LoggedTrail> {
  const { trailList = [] } = await aws.send(new DescribeTrailsCommand({}));
  const known = trailList.filter(({ IsMultiRegionTrail }) => IsMultiRegionTrail).sort((a, b) => (arnOf(a) < arnOf(b) ? -1 : 1));
  const here = known.filter((trail) => arnOf(trail).startsWith(`arn:${place.partition}:cloudtrail:${place.region}:${place.account}:`));
  const found = new Set<string>();
  for (const trail of here) {
    const logGroup = logGroupOf(trail, place);
    if (logGroup !== undefined && !found.has(logGroup) && (await logsAll(trail, aws))) found.add(logGroup);
  }
  if (found.size > 0) return { logGroups: [...found].sort() };
  return { nearest: (here[0] ?? known[0])?.TrailARN ?? null };
}

const arnOf = ({ TrailARN = '' }: Trail): string => TrailARN;

function logGroupOf(
  { CloudWatchLogsLogGroupArn = '' }: Trail,
  { region, account }: Pick<Resource, 'account' | 'region'>,
): string | undefined {
  const [, , , home, owner, , name] = CloudWatchLogsLogGroupArn.split(':');
  return home === region && owner === account ? name : undefined;
}

async function logsAll({ TrailARN, HasCustomEventSelectors }: Trail, aws: Aws): Promise<boolean> {
  const { IsLogging } = await aws.send(new GetTrailStatusCommand({ Name: TrailARN }));
  if (!IsLogging) return false;
  if (!HasCustomEventSelectors) return true;
  const { EventSelectors = [], AdvancedEventSelectors = [] } = await aws.send(new GetEventSelectorsCommand({ TrailName: TrailARN }));
  return (
    EventSelectors.some(({ IncludeManagementEvents, ReadWriteType }) => IncludeManagementEvents && ReadWriteType === 'All') ||
    AdvancedEventSelectors.some(({ FieldSelectors = [] }) => {
      const [category, ...narrower] = FieldSelectors.filter(({ Field }) => Field !== 'eventSource');
      return category?.Field === 'eventCategory' && category.Equals?.includes('Management') && narrower.length === 0;
    })
  );
}
