import type { GetAccountAuthorizationDetailsResponse } from '@aws-sdk/client-iam';
import { assumeRole, ownerRole } from '../../account';
import { listed, type Statement } from './statement';

export interface Role {
  readonly arn: string;
  readonly statements: readonly Statement[];
  /** Who may assume it. */
  readonly trust: readonly Statement[];
  /** The ARN of its permissions boundary. */
  readonly boundary: string | undefined;
}

export interface AccountRoles {
  role(name: string): Role | undefined;
  arnOf(kind: 'role' | 'user', name: string): string;
}

const statementsOf = (document: string | undefined): readonly Statement[] => {
  if (document === undefined) return [];
  const text = document.trimStart().startsWith('{') ? document : decodeURIComponent(document);
  return listed((JSON.parse(text) as { Statement?: Statement | readonly Statement[] }).Statement);
};

const read = (account: string, details: GetAccountAuthorizationDetailsResponse): AccountRoles => {
  const managed = new Map(
    details.Policies?.map(({ Arn, PolicyVersionList }) => [
      Arn,
      statementsOf(PolicyVersionList?.find(({ IsDefaultVersion }) => IsDefaultVersion)?.Document),
    ]),
  );
  const roles = new Map<string, Role>();
  for (const {
    RoleName = '',
    Arn = '',
    RolePolicyList = [],
    AttachedManagedPolicies = [],
    AssumeRolePolicyDocument,
    PermissionsBoundary,
  } of details.RoleDetailList ?? []) {
    const statements = [
      ...RolePolicyList.flatMap(({ PolicyDocument }) => statementsOf(PolicyDocument)),
      ...AttachedManagedPolicies.flatMap(({ PolicyArn }) => managed.get(PolicyArn) ?? []),
    ];
    roles.set(RoleName, {
      arn: Arn,
      statements,
      trust: statementsOf(AssumeRolePolicyDocument),
      boundary: PermissionsBoundary?.PermissionsBoundaryArn,
    });
  }
  const users = new Map(details.UserDetailList?.map(({ UserName, Arn }) => [UserName, Arn]));
  return {
    role: (name) => roles.get(name),
    arnOf: (kind, name) => (kind === 'role' ? roles.get(name)?.arn : users.get(name)) ?? `arn:aws:iam::${account}:${kind}/${name}`,
  };
};

/** The roles that IAM of the emulator holds, an account; read once, until they are forgotten. */
export const readRoles = (emulator: string) => {
  const known = new Map<string, Promise<AccountRoles>>();

  const fetched = async (account: string): Promise<AccountRoles> => {
    // Seldom needed, and slow to load.
    const { GetAccountAuthorizationDetailsCommand, IAMClient } = await import('@aws-sdk/client-iam');
    const region = 'us-east-1';
    const credentials = await assumeRole({ url: emulator }, `arn:aws:iam::${account}:role/${ownerRole}`, region);
    const client = new IAMClient({ endpoint: emulator, region, credentials });
    try {
      return read(
        account,
        await client.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['Role', 'User', 'LocalManagedPolicy'] })),
      );
    } finally {
      client.destroy();
    }
  };

  return {
    of(account: string): Promise<AccountRoles> {
      const roles = known.get(account) ?? fetched(account);
      known.set(account, roles);
      roles.catch(() => known.delete(account));
      return roles;
    },
    forget: (account: string) => void known.delete(account),
  };
};
