import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import type { Caller } from '../central/caller';

/** An alarm of the remediator that is on. */
export interface AlarmOn {
  readonly name: string;
  /** ISO 8601; undefined if CloudWatch does not say it. */
  readonly since?: string;
  /** The description, which names the section of the runbook. */
  readonly runbook: string;
}

/** The alarms that are on: that the log is not sealed, that its archive is behind, that tickets were not written, and others. */
export async function alarmsOn({ region, credentials }: Pick<Caller, 'region' | 'credentials'>): Promise<readonly AlarmOn[]> {
  const client = new CloudWatchClient({ region, credentials, maxAttempts: 4 });
  try {
    const found: AlarmOn[] = [];
    const pages = paginateDescribeAlarms({ client, pageSize: 100 }, { AlarmNamePrefix: 'posture-', StateValue: 'ALARM' });
    for await (const { MetricAlarms = [] } of pages)
      for (const { AlarmName, StateValue, StateTransitionedTimestamp: since, AlarmDescription = '' } of MetricAlarms)
        if (AlarmName !== undefined && StateValue === 'ALARM')
          found.push({ name: AlarmName, ...(since && { since: since.toISOString() }), runbook: AlarmDescription });
    return found.toSorted((one, other) => one.name.localeCompare(other.name));
  } finally {
    client.destroy();
  }
}
