import { ownerRole } from '../../account';
import type { Signer } from '../credentials';
import type { Operation } from '../operation';
import { needsOf, tablesOf } from './need';
import { readOrganizations } from './organizations';
import { asksTags, readResourceTags } from './resource-tags';
import { type Role, readRoles } from './roles';
import { applies, type Context, listed, type Need, type Statement, verdict } from './statement';
import type { Tables } from './tables';

const nameOf = (role: string) => role.slice(role.lastIndexOf('/') + 1);

const accountOf = (arn: string) => arn.split(':')[4] ?? '';

const isOwner = (role: string) => nameOf(role) === ownerRole;

const refusal = (role: string, { action, resource }: Need, why: string) =>
  `User: ${role} is not authorized to perform: ${action}${resource === undefined ? '' : ` on resource: ${resource}`} because ${why}`;

const reasons = {
  denied: (action: string) => `an identity-based policy explicitly denies the ${action} action`,
  'resource-denied': (action: string) => `a resource-based policy explicitly denies the ${action} action`,
  'not-allowed': (action: string) => `no identity-based policy allows the ${action} action`,
};

/** Whom a trust policy names: the caller's role, its whole account, or everybody. */
const trusted = ({ Principal }: Statement, caller: string): 'role' | 'account' | undefined => {
  if (Principal === undefined) return undefined;
  const named = Principal === '*' ? ['*'] : listed(Principal.AWS);
  if (named.some((name) => name === caller)) return 'role';
  const account = accountOf(caller);
  return named.some((name) => name === '*' || name === account || /^arn:[^:]+:iam::(\d{12}):root$/.exec(name)?.[1] === account)
    ? 'account'
    : undefined;
};

/** Whether the policy of a resource speaks of the caller. */
const concerns = (statement: Statement, caller: string): boolean => statement.Principal === '*' || trusted(statement, caller) !== undefined;

/** Whether the caller may assume the role, as far as the role itself is asked. */
const trustOf = (role: Role, caller: string, context: Context): 'role' | 'account' | 'denied' | undefined => {
  const need: Need = { action: 'sts:AssumeRole', resource: undefined };
  const applying = role.trust
    .filter((statement) => applies(statement, need, context))
    .flatMap((statement) => {
      const by = trusted(statement, caller);
      return by === undefined ? [] : [{ by, effect: statement.Effect }];
    });
  if (applying.some(({ effect }) => effect === 'Deny')) return 'denied';
  return applying.some(({ by }) => by === 'role') ? 'role' : applying[0]?.by;
};

const asksOrganization = (statements: readonly Statement[]): boolean => /"aws:ResourceOrgID"/i.test(JSON.stringify(statements));

/** Operations of IAM after which roles, users or their policies may be others; not those on passwords and keys. */
const changesPermissions = /^(?!Get|List|Generate|Simulate).*(Role|User|(?<!Password)Policy|PermissionsBoundary)/;

/** Evaluates whether the role that signed a call may make it, by the policies in IAM of the emulator. */
export const enforcePermissions = (emulator: string, tables: Tables) => {
  const roles = readRoles(emulator);
  const organizations = readOrganizations(emulator);
  const tags = readResourceTags(emulator);
  const granted = new Map<string, readonly Statement[]>();
  let on = false;

  const statementsOf = async (role: string): Promise<readonly Statement[]> =>
    granted.get(role) ?? (await roles.of(accountOf(role))).role(nameOf(role))?.statements ?? [];

  const refused = async (
    operation: Operation,
    place: { readonly account: string; readonly region: string },
    { role, userId = '', function: source }: Required<Pick<Signer, 'role'>> & Signer,
  ) => {
    const { arnOf, role: roleNamed } = await roles.of(place.account);
    const statements = await statementsOf(role);
    // AssumeRole alone reaches into other accounts here.
    const resourceAccount = operation.name === 'AssumeRole' ? accountOf(String(operation.input.RoleArn)) : place.account;
    const organization = asksOrganization(statements) ? await organizations.of(resourceAccount) : undefined;
    const named = operation.service === 'dynamodb' ? tablesOf(operation) : [];
    const partitionKeyOf = await tables.of(place.account, place.region, named);
    const context: Context = {
      'aws:principalarn': role,
      'aws:principalaccount': accountOf(role),
      'aws:userid': userId,
      'aws:requestedregion': place.region,
      'aws:securetransport': 'true',
      'aws:resourceaccount': resourceAccount,
      ...(organization !== undefined && { 'aws:resourceorgid': organization }),
      ...(asksTags(statements) && (await tags.of(operation, place))),
      ...(source !== undefined && { 'lambda:sourcefunctionarn': source }),
      ...(typeof operation.input.ExternalId === 'string' ? { 'sts:externalid': operation.input.ExternalId } : {}),
    };
    for (const need of needsOf({ ...operation, ...place, arnOf, partitionKeyOf, boundaryOf: (name) => roleNamed(name)?.boundary })) {
      const said = verdict(statements, need, context);
      const policy = await tables.policyOf(need.action.startsWith('dynamodb:') ? need.resource : undefined);
      if (policy.some((one) => one.Effect === 'Deny' && concerns(one, role) && applies(one, need, context)))
        return refusal(role, need, reasons['resource-denied'](need.action));
      const trust = need.action === 'sts:AssumeRole' ? await trustIn(String(need.resource), role, context) : undefined;
      if (trust === 'none') return refusal(role, need, 'the trust policy of the role does not allow it');
      const own = trust === 'role' && accountOf(role) === accountOf(String(need.resource));
      if (said === 'denied' || (said === 'not-allowed' && !own)) return refusal(role, need, reasons[said](need.action));
    }
    return undefined;
  };

  const trustIn = async (target: string, caller: string, context: Context): Promise<'role' | 'account' | 'none'> => {
    if (isOwner(target)) return 'account';
    const role = (await roles.of(accountOf(target))).role(nameOf(target));
    const trust = role === undefined || role.arn !== target ? undefined : trustOf(role, caller, context);
    return trust === undefined || trust === 'denied' ? 'none' : trust;
  };

  return {
    enforce({ on: wanted }: { readonly on: boolean }) {
      on = wanted;
    },
    grant(role: string, statements: readonly Statement[]) {
      granted.set(role, statements);
    },
    /** Why the call is refused, or undefined. */
    async refusalOf(operation: Operation, signer: Signer, region: string): Promise<string | undefined> {
      if (!on || signer.role === undefined || isOwner(signer.role)) return undefined;
      return refused(operation, { account: signer.account, region }, { ...signer, role: signer.role });
    },
    /** What the policies of a role say, as the policy simulator of IAM reads them. */
    statementsOf,
    /** Calls that can change roles make what is known of them stale. */
    noticed(operation: Operation, { account }: Signer) {
      if (operation.service === 'cloudformation' || (operation.service === 'iam' && changesPermissions.test(operation.name)))
        roles.forget(account);
      if (operation.service === 'cloudformation' || /^(Create|Delete)Table$|ResourcePolicy$/.test(operation.name)) tables.forgetPolicies();
    },
  };
};
