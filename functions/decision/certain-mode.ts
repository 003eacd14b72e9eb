import { type Mode, modes, type Policy } from '../policy/policy';
import { type Case, matchOf } from '../policy/scope';

/** A case of which no tags, no organizational units and perhaps not even the resource are known. */
export type KnownPart = Omit<Case, 'resource' | 'ous' | 'tags'> & { readonly resource?: string };

const unread = { unknown: 'not read' } as const;

/** The mode of a case by what is known of it; undefined if it depends on the rest. */
export function certainMode({ modes: set }: Pick<Policy, 'modes'>, about: KnownPart): Mode | undefined {
  const matches = set.clauses.map(({ resources, ...clause }) => {
    const scope = about.resource === undefined ? clause : { ...clause, resources };
    const match = matchOf(scope, { resource: '', ...about, ous: unread, tags: unread });
    const isOpen = resources !== undefined && about.resource === undefined;
    return { mode: clause.mode, match: match === 'yes' && isOpen ? 'unknown' : match };
  });
  const some = matches.filter(({ match }) => match === 'yes').map(({ mode }) => mode);
  const mode = modes.find((one) => some.includes(one)) ?? set.default;
  // The default is certain only if nothing may take its place, and each mode only if none that restricts more may match.
  const isCertain = matches.every(
    ({ mode: other, match }) => match !== 'unknown' || (some.length > 0 && modes.indexOf(other) >= modes.indexOf(mode)),
  );
  return isCertain ? mode : undefined;
}
