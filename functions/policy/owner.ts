import type { Tags } from '../../rules/rule';
import { sanitize } from '../untrusted-text';
import type { Policy } from './policy';

/** As many characters as the value of a tag has at most. */
const maxOwner = 256;

type Owners = Pick<Policy, 'tickets' | 'notifications'>;

/** Who owns a resource: by its owner tag, or else whom the policy names for tickets of its account. Undefined if neither says it. Pure. */
export function ownerOf(
  { account, tags = {} }: { readonly account: string; readonly tags?: Tags | undefined },
  { tickets, notifications: { ownerTag } }: Owners,
): string | undefined {
  const named = own(tags, ownerTag) || own(tickets?.owners.accounts ?? {}, account);
  return named === undefined || named === '' ? undefined : sanitize(named, maxOwner) || undefined;
}

const own = (texts: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(texts, key) ? texts[key] : undefined;
