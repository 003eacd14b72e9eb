import type { ResourceKind } from '../../../../rules/rule';
import type { ServiceFinding } from '../../service-finding';
import type { Imported } from './imported';

const plain = (type: string): string => type.replaceAll(':', '').toLowerCase();

/** Whether Security Hub has this name for the kind, in either format. */
export const isOf = ({ type, securityHubType = type }: ResourceKind, said: string): boolean =>
  plain(securityHubType) === said || plain(type) === said;

/** The resources of the kinds, as the finding names them. */
export const named = (kinds: readonly ResourceKind[], { resources }: Imported): ServiceFinding['resources'] =>
  Object.fromEntries(
    kinds.map((kind) => {
      const own = resources.filter(({ type }) => isOf(kind, type));
      return [kind.type, { ids: own.map(({ id }) => id), at: own[0]?.at ?? '' }];
    }),
  );
