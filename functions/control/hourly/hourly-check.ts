import * as z from 'zod';
import type { ControlPorts } from '../ports';
import { type AlteredRoute, checkRoutes, type RoutePorts } from './check-routes';
import { compareCounts, type Difference } from './compare-counts';
import { type Resumed, resumeStalled } from './resume-stalled';
import { reviewContained } from './review-contained';

/** The event of an EventBridge rule with a schedule. */
const scheduled = z.object({ source: z.literal('aws.events'), 'detail-type': z.literal('Scheduled Event') });

/** The result of the hourly check. */
export interface HourlyReport extends Resumed {
  readonly differences: readonly Difference[];
  /** How many resources are contained past their review. */
  readonly reviewsDue: number;
  readonly altered: readonly AlteredRoute[];
}

/**
 * Compares the counters with the log and the routes with the template, invokes the open remediations whose retry is overdue, and has people review
 * what is contained. Undefined for any other event.
 */
export async function hourlyCheck(given: unknown, ports: ControlPorts, routes: RoutePorts): Promise<HourlyReport | undefined> {
  if (!scheduled.safeParse(given).success) return undefined;
  // Independent of each other: an error in one does not prevent the others.
  const checks = [compareCounts(ports), resumeStalled(ports), reviewContained(ports), checkRoutes(routes, ports)] as const;
  const [differences, resumed, reviews, altered] = await Promise.allSettled(checks);
  if (differences.status === 'rejected') throw differences.reason;
  if (resumed.status === 'rejected') throw resumed.reason;
  if (reviews.status === 'rejected') throw reviews.reason;
  if (altered.status === 'rejected') throw altered.reason;
  return { differences: differences.value, altered: altered.value, reviewsDue: reviews.value, ...resumed.value };
}
