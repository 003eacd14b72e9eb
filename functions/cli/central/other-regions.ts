import { connections } from '../../aws/connection';
import { systemClock } from '../../clock';
import { type OtherRegions, otherRegions } from '../../facts/other-regions';
import { clientsOfSources } from '../../remediate/create-ports';
import type { Caller } from './caller';

/** Where else people may have said something, read with the credentials for each rule. */
export function otherRegionsFor({ credentialsFor }: Pick<Caller, 'credentialsFor'>): (rule: string) => OtherRegions {
  const kept = new Map<string, OtherRegions>();
  return (rule) => {
    const known =
      kept.get(rule) ??
      otherRegions(
        connections(clientsOfSources, (place) => credentialsFor(rule, place)),
        systemClock,
      );
    kept.set(rule, known);
    return known;
  };
}
