import type { TrackerSettings } from '../../policy/tickets';
import type { ReadSaid } from '../said';
import type { Secret } from '../secret';
import { gitHubSaid } from './github-said';
import { jiraSaid } from './jira-said';
import { serviceNowSaid } from './service-now-said';
import type { VendorOptions } from './vendor-options';

const vendors = { 'jira-cloud': jiraSaid, 'jira-data-center': jiraSaid, github: gitHubSaid, servicenow: serviceNowSaid } as const;

/** Reads comments back from the tracker that the policy names. */
export const saidOf = (settings: TrackerSettings, secret: Secret, options: VendorOptions): ReadSaid =>
  vendors[settings.vendor](settings, secret, options);
