import type { LogEvent, Subject } from './event';

/** What an event is about, without what it adds. */
export const subjectIn = (event: LogEvent): Subject => {
  const { remediation, rule, version, finding, source, detectedBy, partition, account, region, resource, resourceType } = event;
  return { remediation, rule, version, finding, source, detectedBy, partition, account, region, resource, resourceType };
};
