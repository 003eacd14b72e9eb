import type { TrackerSettings } from '../../policy/tickets';
import type { Secret } from '../secret';
import type { Tracker } from '../tracker';
import { github } from './github';
import { jira } from './jira';
import { serviceNow } from './service-now';

const vendors = { 'jira-cloud': jira, 'jira-data-center': jira, github, servicenow: serviceNow } as const;

/** The tracker that the policy names. `timeout`: milliseconds until an answer. */
export const trackerOf = (settings: TrackerSettings, secret: Secret, timeout?: number): Tracker =>
  vendors[settings.vendor](settings, secret, timeout);
