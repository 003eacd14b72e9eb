import type { Evidence, Unfixable } from '../../rule';

/**
 * Why a response does nothing to a user or role with this unique id (`AIDA…`, `AROA…`): the finding is about one that had the same name before, whose
 * credentials ended with it. Undefined if it is the one of the finding, or the finding does not say.
 */
export function replaced(uniqueId: string, { principalId = '' }: Evidence = {}): Unfixable | undefined {
  const [id = ''] = principalId.split(':');
  if (!/^A(IDA|ROA)[A-Z0-9]{8,124}$/.test(id) || id === uniqueId) return undefined;
  return {
    unfixable: `The finding is about ${id}, but the user or role of this name is ${uniqueId} by now: it was deleted and created again. Investigate who did that.`,
    code: 'principal-replaced',
  };
}
