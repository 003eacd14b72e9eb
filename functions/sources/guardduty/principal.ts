import type { GuardDutyFinding } from './finding';

/** The principal whose credentials were used, and the access key, if there is a single one. */
export interface Principal {
  readonly userName?: string | undefined;
  /** `IAMUser`, `Role` or `AssumedRole`, `Root`, `FederatedUser` and others: each of them has a name. */
  readonly userType?: string | undefined;
  /** `AIDA…` of a user, `AROA…:<session name>` of a role. */
  readonly principalId?: string | undefined;
  readonly accessKeyId?: string | undefined;
}

/** The principal in a finding. An attack sequence has actors instead of a resource: with several, nobody can tell whom to contain. */
export function principalIn({ accountId, resource, service }: Pick<GuardDutyFinding, 'accountId' | 'resource' | 'service'>): Principal {
  if (resource.accessKeyDetails) return resource.accessKeyDetails;
  const users = (service.detection?.sequence?.actors ?? []).flatMap(({ user }) => user ?? []);
  const [first] = users;
  const isOne = users.every(({ name, type, account }) => name === first?.name && type === first.type && isHere(account?.uid, accountId));
  if (!first || !isOne) return {};
  return {
    userName: first.name,
    userType: first.type,
    principalId: only(users.map(({ uid }) => uid)),
    accessKeyId: only(users.map(({ credentialUid }) => credentialUid)),
  };
}

const isHere = (account: string | undefined, own: string): boolean => account === undefined || account === own;

const only = (texts: readonly (string | undefined)[]): string | undefined => (new Set(texts).size === 1 ? texts[0] : undefined);
