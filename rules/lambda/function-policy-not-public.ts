import { AddPermissionCommand, type AddPermissionCommandInput, LambdaClient, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { fixesCaller } from '../caller';
import { type JsonObject, sameJson } from '../json';
import { readPolicy } from '../policy';
import { type Change, defineRule, notFound, type Obstacle, type Resource } from '../rule';
import { listFunctions, listing } from './function/list';
import { lambdaFunction } from './function/resource';
import { isAboutAnybody, isAboutS3, isPublic, mayBeNarrow, namedBeside } from './function-policy/audience';
import { permissionFor } from './function-policy/permission';
import { readPolicies } from './function-policy/read';

const functions = 'arn:{partition}:lambda:{region}:{account}:function:*';

/** A statement of the policy of a function, or of one of its versions or aliases: `name:qualifier`. */
type Placed = { readonly on: string; readonly statement: JsonObject };

export default defineRule({
  id: 'lambda-function-policy-not-public',
  title: 'Lambda function policies prohibit public access',
  why: 'Anyone who knows the name of a public function can invoke it, with the permissions of its role and at your cost.',
  impact:
    'Anonymous callers and other accounts are denied, including callers of a public function URL. S3 buckets of the same account can still invoke the function; buckets of other accounts cannot, unless the policy names their account.',
  severity: 'critical',
  risk: 'disruptive',
  exposes: true,
  reversible: 'partly',
  resource: lambdaFunction,
  detectedBy: {
    securityHub: ['Lambda.1'],
    config: ['lambda-function-public-access-prohibited'],
    accessAnalyzer: ['PublicAccess/AWS::Lambda::Function'],
  },
  permissions: {
    inspect: [{ actions: ['lambda:GetPolicy', 'lambda:ListAliases', 'lambda:ListVersionsByFunction'], on: functions }, listing],
    change: { actions: ['lambda:AddPermission', 'lambda:RemovePermission'], on: functions },
  },
  clients: [LambdaClient],
  commands: [AddPermissionCommand, RemovePermissionCommand],

  async inspect({ id }, aws) {
    const found = await readPolicies(id, aws);
    if (!found) return notFound;
    const read = found.policies.map(({ on, text }) => ({ on, policy: readPolicy(text) }));
    const placed = read.flatMap(({ on, policy }) => policy?.statements.map((statement): Placed => ({ on, statement })) ?? []);
    return {
      // AddPermission appends its statement, so the order has no meaning.
      statements: placed.filter(({ statement }) => isAboutAnybody(statement)).sort(byPlace),
      unreadable: read.flatMap(({ on, policy }) => (policy ? [] : [on])),
      unread: found.unread,
    };
  },

  plan(resource, { statements, unreadable, unread }) {
    const misconfigurations = statements.filter(({ statement }) => isPublic(statement));
    const unclear = misconfigurations.filter((misconfiguration) => obstacleTo(misconfiguration, statements) !== undefined);
    const changes = misconfigurations
      .filter((misconfiguration) => !unclear.includes(misconfiguration))
      .flatMap((misconfiguration) => closing(resource, misconfiguration, statements));
    if (changes.length > 0) return [...changes.filter(isReversible), ...changes.filter((change) => !isReversible(change))];

    const [first] = unclear.flatMap((misconfiguration) => obstacleTo(misconfiguration, statements) ?? []);
    if (first !== undefined) return first;
    if (unreadable.length > 0)
      return {
        unfixable: `The policy of ${unreadable.join(', ')} cannot be parsed as JSON, so the access it grants is unknown.`,
        code: 'state-unreadable',
      };
    if (unread > 0)
      return {
        unfixable: `The function has too many versions and aliases: the policies of ${unread} were not read. Delete unused versions.`,
        code: 'too-many-versions',
      };
    return [];
  },

  list: listFunctions,
});

/** Why a public statement can't be removed safely; undefined if it can. */
function obstacleTo({ on, statement }: Placed, statements: readonly Placed[]): Obstacle | undefined {
  const denials = statements.filter((other) => other.on === on && other.statement.Effect === 'Deny');
  if (denials.some((denial) => !fixesCaller(denial.statement.Condition)))
    return {
      unfixable: `The policy of ${on} allows public access and restricts it with a Deny statement, so the remaining access is unknown. Review it manually.`,
      code: 'deny-with-exceptions',
    };
  const others = namedBeside(statement);
  if (others.length > 0)
    return {
      unfixable: `A public statement in the policy of ${on} also allows ${others.slice(0, 10).join(', ')}, and Lambda can only remove whole statements. Add a separate statement for them.`,
      code: 'statement-shared',
    };
  if (mayBeNarrow(statement))
    return {
      unfixable: `A statement in the policy of ${on} (${JSON.stringify(statement.Sid ?? null)}) is public. AWS ignores its condition, which names no account or organization, or not in full. Name the allowed principals in it.`,
      code: 'condition-not-recognized',
    };
  if (!/^[\w.-]{1,100}$/.test(String(statement.Sid ?? '')))
    return {
      unfixable: `A public statement in the policy of ${on} has no statement ID by which Lambda could remove it. Rewrite the policy manually.`,
      code: 'statement-without-id',
    };
  return undefined;
}

/** The changes that close a public statement: it is removed, and for S3 first replaced by one for the buckets of the account. */
function closing(resource: Resource, { on, statement }: Placed, statements: readonly Placed[]): readonly Change[] {
  const arn = `${resource.arn}${on.slice(resource.id.length)}`;
  const permission = permissionFor(on, arn, statement);
  const taken = remove(on, String(statement.Sid));
  if (!permission) return [{ do: taken, irreversible: 'AddPermission cannot recreate this statement.' }];
  const out: Change = { do: taken, undo: new AddPermissionCommand(permission) };
  if (!isAboutS3(statement)) return [out];

  const StatementId = `${String(statement.Sid).slice(0, 80)}-own-account`;
  const narrowed: AddPermissionCommandInput = { ...permission, SourceAccount: resource.account, StatementId };
  const beside = statements.flatMap((other) => (other.on === on ? (permissionFor(on, arn, other.statement) ?? []) : []));
  // It exists already after an interruption, or if somebody has restored the public statement.
  if (beside.some((other) => sameJson({ ...other, StatementId }, narrowed))) return [out];
  return [{ do: new AddPermissionCommand(narrowed), undo: remove(on, StatementId) }, out];
}

const remove = (FunctionName: string, StatementId: string) => new RemovePermissionCommand({ FunctionName, StatementId });

const isReversible = (change: Change): boolean => !('irreversible' in change);

const byPlace = (a: Placed, b: Placed): number => (placeOf(a) < placeOf(b) ? -1 : 1);
const placeOf = ({ on, statement }: Placed): string => `${on} ${statement.Sid}`;
