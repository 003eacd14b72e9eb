import { AddPermissionCommand, type AddPermissionCommandInput, LambdaClient, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { fixesCaller } from '../caller';
import { type JsonObject, sameJson } from '../json';
import { readPolicy } from '../policy';
import { type Change, defineRule, gone, type Resource } from '../rule';
import { listFunctions, listing } from './function/list';
import { lambdaFunction } from './function/resource';
import { isAboutAnybody, isAboutS3, isPublic, mayBeNarrow, namedBeside } from './function-policy/audience';
import { permissionFor } from './function-policy/permission';
import { readPolicies } from './function-policy/read';

const functions = 'arn:{partition}:lambda:{region}:{account}:function:*';

/** A statement of the policy on a function, or on one of its versions or aliases: `name:qualifier`. */
type Placed = { readonly on: string; readonly statement: JsonObject };

export default defineRule({
  id: 'lambda-function-policy-not-public',
  title: 'Lambda functions can not be invoked by everybody',
  why: 'Whoever knows the name of a public function can run it with all that its role may do, and at your cost.',
  impact:
    'Anonymous and foreign callers are refused, those of a public function URL too. Buckets of the same account go on invoking; those of other accounts that were admitted without naming the account do not.',
  severity: 'critical',
  risk: 'disruptive',
  reversible: 'partly',
  resource: lambdaFunction,
  detectedBy: { securityHub: ['Lambda.1'], config: ['lambda-function-public-access-prohibited'] },
  permissions: {
    inspect: [{ actions: ['lambda:GetPolicy', 'lambda:ListAliases', 'lambda:ListVersionsByFunction'], on: functions }, listing],
    change: { actions: ['lambda:AddPermission', 'lambda:RemovePermission'], on: functions },
  },
  clients: [LambdaClient],
  commands: [AddPermissionCommand, RemovePermissionCommand],

  async inspect({ id }, aws) {
    const found = await readPolicies(id, aws);
    if (!found) return gone;
    const read = found.policies.map(({ on, text }) => ({ on, policy: readPolicy(text) }));
    const placed = read.flatMap(({ on, policy }) => policy?.statements.map((statement): Placed => ({ on, statement })) ?? []);
    return {
      // AddPermission puts its statement last, so their order says nothing.
      statements: placed.filter(({ statement }) => isAboutAnybody(statement)).sort(byPlace),
      unreadable: read.flatMap(({ on, policy }) => (policy ? [] : [on])),
      unread: found.unread,
    };
  },

  plan(resource, { statements, unreadable, unread }) {
    const faults = statements.filter(({ statement }) => isPublic(statement));
    const unclear = faults.filter((fault) => obstacleTo(fault, statements) !== undefined);
    const changes = faults.filter((fault) => !unclear.includes(fault)).flatMap((fault) => closing(resource, fault, statements));
    if (changes.length > 0) return [...changes.filter(isReversible), ...changes.filter((change) => !isReversible(change))];

    const [first] = unclear.flatMap((fault) => obstacleTo(fault, statements) ?? []);
    if (first !== undefined) return { unfixable: first };
    if (unreadable.length > 0)
      return { unfixable: `The policy of ${unreadable.join(', ')} is not a policy in JSON, so who it lets in can't be told.` };
    if (unread > 0)
      return {
        unfixable: `The function has so many versions and aliases that the policies of ${unread} were not read. Delete versions that nobody uses.`,
      };
    return [];
  },

  list: listFunctions,
});

/** Why a public statement can't be taken out for sure; undefined if it can. */
function obstacleTo({ on, statement }: Placed, statements: readonly Placed[]): string | undefined {
  const denials = statements.filter((other) => other.on === on && other.statement.Effect === 'Deny');
  if (denials.some((denial) => !fixesCaller(denial.statement.Condition)))
    return `The policy of ${on} lets everybody in, and by a denial keeps out all or some: who is left can't be told. Look at it by hand.`;
  const others = namedBeside(statement);
  if (others.length > 0)
    return `A statement in the policy of ${on} is public, and lets in ${others.slice(0, 10).join(', ')} too: it can be taken out as a whole alone. Give them a statement of their own.`;
  if (mayBeNarrow(statement))
    return `A statement in the policy of ${on} (${JSON.stringify(statement.Sid ?? null)}) is for everybody, narrowed by a condition that AWS does not count: it names no account or organization, or not in full. Write into it who is meant.`;
  if (!/^[\w.-]{1,100}$/.test(String(statement.Sid ?? '')))
    return `A statement in the policy of ${on} lets everybody in and has no id to take it out by. Write the policy anew by hand.`;
  return undefined;
}

/** What closes a public statement: it is taken out, and where S3 calls, narrowed to the buckets of the account first. */
function closing(resource: Resource, { on, statement }: Placed, statements: readonly Placed[]): readonly Change[] {
  const arn = `${resource.arn}${on.slice(resource.id.length)}`;
  const permission = permissionFor(on, arn, statement);
  const taken = remove(on, String(statement.Sid));
  if (!permission) return [{ do: taken, irreversible: 'AddPermission, which writes single statements, can not write this one again.' }];
  const out: Change = { do: taken, undo: new AddPermissionCommand(permission) };
  if (!isAboutS3(statement)) return [out];

  const StatementId = `${String(statement.Sid).slice(0, 80)}-own-account`;
  const narrowed: AddPermissionCommandInput = { ...permission, SourceAccount: resource.account, StatementId };
  const beside = statements.flatMap((other) => (other.on === on ? (permissionFor(on, arn, other.statement) ?? []) : []));
  // So after an interruption, or where somebody has put the public statement back.
  if (beside.some((other) => sameJson({ ...other, StatementId }, narrowed))) return [out];
  return [{ do: new AddPermissionCommand(narrowed), undo: remove(on, StatementId) }, out];
}

const remove = (FunctionName: string, StatementId: string) => new RemovePermissionCommand({ FunctionName, StatementId });

const isReversible = (change: Change): boolean => !('irreversible' in change);

const byPlace = (a: Placed, b: Placed): number => (placeOf(a) < placeOf(b) ? -1 : 1);
const placeOf = ({ on, statement }: Placed): string => `${on} ${statement.Sid}`;
