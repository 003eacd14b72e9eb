import type { TrackerSettings } from '../../policy/tickets';
import type { Secret } from '../secret';
import type { Tracker } from '../tracker';
import { github } from './github';
import { jira } from './jira';
import { serviceNow } from './service-now';
import type { VendorOptions } from './vendor-options';

const vendors = { 'jira-cloud': jira, 'jira-data-center': jira, github, servicenow: serviceNow } as const;

/** The tracker that the policy names. */
export const trackerOf = (settings: TrackerSettings, secret: Secret, options: VendorOptions): Tracker =>
  vendors[settings.vendor](settings, secret, options);
