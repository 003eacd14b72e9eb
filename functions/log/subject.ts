import type { LogEvent, Subject } from './event';

/** The subject of an event. */
export const subjectIn = (event: LogEvent): Subject => {
  const { remediation, rule, version, finding, source, detectedBy, partition, account, region, resource, resourceType } = event;
  return { remediation, rule, version, finding, source, detectedBy, partition, account, region, resource, resourceType };
};
