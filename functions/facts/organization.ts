import { ListParentsCommand, type ListParentsCommandOutput, type OrganizationsClient } from '@aws-sdk/client-organizations';

/** The roots and units that an account is below, its parent first. Needs the management account of the organization, or a delegated one. */
export async function ousOf(client: OrganizationsClient, account: string): Promise<readonly string[]> {
  const ous: string[] = [];
  let child: string | undefined = account;
  // AWS nests units five deep.
  while (child !== undefined && ous.length < 20) {
    const answer: ListParentsCommandOutput = await client.send(new ListParentsCommand({ ChildId: child }));
    const parent = answer.Parents?.[0];
    if (!parent?.Id) throw new Error(`AWS Organizations names no parent of ${child}.`);
    ous.push(parent.Id);
    child = parent.Type === 'ROOT' ? undefined : parent.Id;
  }
  return ous;
}
