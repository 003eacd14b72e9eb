/** No resource of AWS is older: Amazon S3 opened on that day. */
export const beginning = '2006-03-14T00:00:00.000Z';

/** Whether something can have come about at that time, and been detected at the other. ISO 8601. */
export const isPossible = (at: string, detectedAt: string): boolean =>
  Date.parse(at) >= Date.parse(beginning) && Date.parse(at) <= Date.parse(detectedAt);
