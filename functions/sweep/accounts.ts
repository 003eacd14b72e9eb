import { type Account, ListAccountsCommand, type ListAccountsCommandOutput, type OrganizationsClient } from '@aws-sdk/client-organizations';
import { describe } from '../aws/error';
import type { Accounts } from './ports';

/** The active accounts of the organization. Where they can't be listed, the central account is swept alone. */
export async function accountsOfOrganization(
  organizations: Pick<OrganizationsClient, 'send'>,
  { account: central }: { readonly account: string },
): Promise<Accounts> {
  const known: string[] = [];
  try {
    let NextToken: string | undefined;
    do {
      const page: ListAccountsCommandOutput = await organizations.send(new ListAccountsCommand({ NextToken }));
      known.push(...(page.Accounts ?? []).filter(isActive).flatMap(({ Id }) => Id ?? []));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return { known: known.toSorted() };
  } catch (error) {
    return { known: [central], unread: `The accounts of the organization can't be listed: ${describe(error)}` };
  }
}

/** `State` replaces `Status`, which AWS removes in September 2026. Source: AWS Organizations API Reference, "Account". */
const isActive = ({ State, Status }: Account): boolean => (State ?? Status) === 'ACTIVE';
