import type { LogEvent, Subject } from './event';

/**
 * The subject of further events by this version of the code. `event` is the last one of the trail: as long as AWS doesn't show a resource, it
 * is named as its detector names it.
 */
export const subjectIn = (event: LogEvent, version: string): Subject => {
  const { remediation, rule, finding, source, detectedBy, partition, account, region, resource, resourceType } = event;
  return { remediation, rule, version, finding, source, detectedBy, partition, account, region, resource, resourceType };
};
