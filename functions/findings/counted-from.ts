import type { Finding } from './finding';

/** From when grace periods and deadlines count. When it was detected is the word of a tool that requests, which must not shorten the time of the owner. */
export const countedFrom = ({ requester, detectedAt, sentAt }: Pick<Finding, 'requester' | 'detectedAt' | 'sentAt'>): string =>
  requester === undefined ? detectedAt : sentAt;
