import { quote } from '../untrusted-text';

/** What one field of an event says, and what it has to say by the others; a field that is left out says nothing. */
export type Claim = readonly [field: string, said: string | undefined, expected: string];

/** The first field that contradicts the others, in a sentence; undefined when all agree. */
export function contradiction(claims: readonly Claim[]): string | undefined {
  const claim = claims.find(([, said, expected]) => said !== undefined && said !== expected);
  return claim && `${claim[0]} is ${quote(claim[1])}, but the rest of the event says ${quote(claim[2])}.`;
}
