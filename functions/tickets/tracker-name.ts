import type { TrackerSettings } from '../policy/tickets';

/** Which tracker and project a ticket is in: ids of one mean something else in another. */
export const trackerName = ({ vendor, url, project }: Pick<TrackerSettings, 'vendor' | 'url' | 'project'>): string =>
  `${vendor} ${new URL(url).host} ${project}`.toLowerCase();
