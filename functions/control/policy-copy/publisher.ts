import { type CloudTrailClient, type Event, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import * as z from 'zod';
import { minutes } from '../../duration';

/** Who brought a version of the policy into force, by CloudTrail: an ARN; undefined if it has no record of it yet. */
export type FindPublisher = (version: string, at: Date) => Promise<string | undefined>;

/** A deployment, and the wait for the function, may take that long. */
const before = minutes(30);

const record = z.object({
  eventName: z.string(),
  eventTime: z.iso.datetime({ offset: true }),
  eventSource: z.literal('appconfig.amazonaws.com'),
  errorCode: z.string().nullish(),
  userIdentity: z.object({ arn: z.string().regex(/^arn:[!-~]{1,1000}$/) }),
  // In the case of the API or not: AWS documents neither.
  requestParameters: z.record(z.string(), z.unknown()).transform(inLowerCase),
});

type Deployed = z.infer<typeof record>;

/** Looks for the calls that change what is in force: of them, the last one counts. */
export function publisherIn(client: CloudTrailClient, configuration: string): FindPublisher {
  const [application, environment] = configuration.split('/');
  return async (version, at) => {
    const found = await Promise.all(['StartDeployment', 'StopDeployment'].map((name) => recordsOf(name, at)));
    const [last] = found
      .flat()
      .filter(({ requestParameters: { applicationid, environmentid } }) => applicationid === application && environmentid === environment)
      .toSorted((a, b) => Date.parse(b.eventTime) - Date.parse(a.eventTime));
    if (!last) return undefined;
    const isOfVersion = last.eventName === 'StopDeployment' || String(last.requestParameters.configurationversion) === version;
    return isOfVersion ? last.userIdentity.arn : undefined;
  };

  async function recordsOf(AttributeValue: string, at: Date): Promise<readonly Deployed[]> {
    const { Events = [] } = await client.send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue }],
        StartTime: new Date(at.getTime() - before),
        // What came later brought another one into force.
        EndTime: at,
        MaxResults: 50,
      }),
    );
    return Events.flatMap(readRecord);
  }
}

function readRecord({ CloudTrailEvent = '' }: Event): readonly Deployed[] {
  try {
    const { data } = record.safeParse(JSON.parse(CloudTrailEvent));
    return data && (data.errorCode ?? '') === '' ? [data] : [];
  } catch {
    return [];
  }
}

function inLowerCase(parameters: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name.toLowerCase(), value]));
}
