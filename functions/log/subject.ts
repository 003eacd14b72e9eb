import type { LogEvent, Subject } from './event';

/** The subject of further events by this version of the code. */
export const subjectIn = (event: LogEvent, version: string): Subject => {
  const { remediation, rule, finding, source, detectedBy, partition, account, region, resource, resourceType } = event;
  return { remediation, rule, version, finding, source, detectedBy, partition, account, region, resource, resourceType };
};
