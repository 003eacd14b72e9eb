import type { TrackerSettings } from '../../policy/tickets';
import type { ReadSaid } from '../said';
import type { Secret } from '../secret';
import { gitHubSaid } from './github-said';
import { jiraSaid } from './jira-said';
import { serviceNowSaid } from './service-now-said';

const vendors = { 'jira-cloud': jiraSaid, 'jira-data-center': jiraSaid, github: gitHubSaid, servicenow: serviceNowSaid } as const;

/** Reads comments back from the tracker that the policy names. `timeout`: milliseconds until an answer. */
export const saidOf = (settings: TrackerSettings, secret: Secret, timeout?: number): ReadSaid =>
  vendors[settings.vendor](settings, secret, timeout);
