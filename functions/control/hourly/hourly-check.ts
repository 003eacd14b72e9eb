import * as z from 'zod';
import type { ControlPorts } from '../ports';
import { compareCounts, type Difference } from './compare-counts';
import { type Resumed, resumeStalled } from './resume-stalled';

/** The event of an EventBridge rule with a schedule. */
const scheduled = z.object({ source: z.literal('aws.events'), 'detail-type': z.literal('Scheduled Event') });

/** The result of the hourly check. */
export interface HourlyReport extends Resumed {
  readonly differences: readonly Difference[];
}

/** Compares the counters with the log, and invokes the open remediations whose retry is overdue. Undefined for any other event. */
export async function hourlyCheck(given: unknown, ports: ControlPorts): Promise<HourlyReport | undefined> {
  if (!scheduled.safeParse(given).success) return undefined;
  // Independent of each other: an error in one does not prevent the other.
  const [differences, resumed] = await Promise.allSettled([compareCounts(ports), resumeStalled(ports)]);
  if (differences.status === 'rejected') throw differences.reason;
  if (resumed.status === 'rejected') throw resumed.reason;
  return { differences: differences.value, ...resumed.value };
}
