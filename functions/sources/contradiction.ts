import { quote } from '../untrusted-text';

/** The value of one field of an event, and the value that the other fields require; an absent field claims nothing. */
export type Claim = readonly [field: string, said: string | undefined, expected: string];

/** A sentence about the first field that contradicts the others; undefined if all agree. */
export function contradiction(claims: readonly Claim[]): string | undefined {
  const claim = claims.find(([, said, expected]) => said !== undefined && said !== expected);
  return claim && `${claim[0]} is ${quote(claim[1])}, but the rest of the event requires ${quote(claim[2])}.`;
}
