import { ListParentsCommand, type OrganizationsClient, type ParentType } from '@aws-sdk/client-organizations';
import type { Clock } from '../clock';
import { minutes } from '../duration';

/** The root or unit that an account or a unit is directly below. */
interface Parent {
  readonly Id: string;
  readonly Type: ParentType;
}

/** How long an answer is cached: a burst in one account causes one request, and a moved account is noticed within a minute, like a new policy. */
const freshFor = minutes(1);

/**
 * The organizational units and the root above an account, its parent first. Requires the management account of the organization or a
 * delegated administrator. An account outside the organization is an error.
 */
export function organizationalUnits(client: OrganizationsClient, clock: Clock): (account: string) => Promise<readonly string[]> {
  const kept = new Map<string, { readonly parent: Promise<Parent>; readonly at: number }>();

  return async (account) => {
    const ous: string[] = [];
    let child: string | undefined = account;
    // AWS nests units five deep.
    while (child !== undefined && ous.length < 20) {
      const parent: Parent = await parentOf(child);
      ous.push(parent.Id);
      child = parent.Type === 'ROOT' ? undefined : parent.Id;
    }
    return ous;
  };

  function parentOf(child: string): Promise<Parent> {
    const now = clock.now().getTime();
    const known = kept.get(child);
    if (known && now - known.at < freshFor) return known.parent;
    const parent = ask(child);
    kept.set(child, { parent, at: now });
    // An error is not cached.
    parent.catch(() => kept.delete(child));
    return parent;
  }

  async function ask(ChildId: string): Promise<Parent> {
    const { Parents: [parent] = [] } = await client.send(new ListParentsCommand({ ChildId }));
    if (!parent?.Id || !parent.Type) throw new Error(`AWS Organizations returned no parent of ${ChildId}.`);
    return { Id: parent.Id, Type: parent.Type };
  }
}
