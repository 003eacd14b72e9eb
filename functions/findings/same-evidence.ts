import type { Evidence } from '../../rules/rule';

/** What a response decides by whom to contain with. The rest says when and from where. */
const naming = ['accessKeyId', 'principalId'] as const;

/** Whether two reports about a resource name different credentials: the response to one of them is not the response to the other. */
export const namesOthers = (one: Evidence | undefined, other: Evidence | undefined): boolean =>
  one !== undefined && other !== undefined && naming.some((name) => one[name] !== other[name]);
