import { type ContextEntry, type EvaluationResult, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { collect } from '../../pages';
import { type Aws, type Grant, type Permission, type Place, toArray } from '../../rule';

/** Stands for any name in the ARN of a grant: IAM simulates resources that do not exist. */
const anyName = 'posture-drill';

/**
 * Simulates each action of the grants with the policies of the role, its permissions boundary and the service control policies of the account, as far as
 * SimulatePrincipalPolicy knows them: neither resource policies, resource control policies, nor service control policies with conditions.
 */
export async function simulate(grants: readonly Grant[], role: string, place: Place, aws: Aws): Promise<readonly Permission[]> {
  const found: Permission[] = [];
  // One after another: IAM answers few requests a second, and a drill is in no hurry.
  for (const { actions, on, condition } of grants) {
    const resources = toArray(on).map((arn) => example(arn, place));
    const results = await collect(
      (Marker) =>
        aws.send(
          new SimulatePrincipalPolicyCommand({
            PolicySourceArn: role,
            ActionNames: [...actions],
            ...(resources.includes('*') ? {} : { ResourceArns: resources }),
            ContextEntries: [...ofEveryCall(role, place), ...required(condition, place)],
            ...(Marker !== undefined && { Marker }),
          }),
        ),
      ({ EvaluationResults }) => EvaluationResults,
      ({ Marker }) => Marker,
    );
    const about = resources.join(', ');
    for (const action of actions) found.push(permissionOf(action, about, results));
  }
  return found;
}

/** IAM answers with one result for an action, which may have one for each resource, or with one for each action and resource. */
function permissionOf(action: string, on: string, results: readonly EvaluationResult[]): Permission {
  const own = results.filter(({ EvalActionName = '' }) => EvalActionName.toLowerCase() === action.toLowerCase());
  const decisions = own.flatMap(({ EvalDecision, ResourceSpecificResults = [] }) => [
    EvalDecision,
    ...ResourceSpecificResults.map(({ EvalResourceDecision }) => EvalResourceDecision),
  ]);
  if (decisions.length === 0) return { action, on, verdict: 'unknown', why: 'IAM did not answer.' };
  if (decisions.every((decision) => decision === 'allowed')) return { action, on, verdict: 'allowed' };
  const missing = own.flatMap(({ MissingContextValues, ResourceSpecificResults = [] }) => [
    ...(MissingContextValues ?? []),
    ...ResourceSpecificResults.flatMap((one) => one.MissingContextValues ?? []),
  ]);
  const isDenied = decisions.includes('explicitDeny');
  if (!isDenied && missing.length > 0)
    return { action, on, verdict: 'unknown', why: `It depends on ${[...new Set(missing)].join(', ')}, which a drill does not know.` };
  return { action, on, verdict: 'denied', why: reasonOf(own, isDenied) };
}

function reasonOf(results: readonly EvaluationResult[], isDenied: boolean): string {
  if (results.some(({ OrganizationsDecisionDetail: detail }) => detail?.AllowedByOrganizations === false))
    return 'A service control policy of the organization does not allow it.';
  if (results.some(({ PermissionsBoundaryDecisionDetail: detail }) => detail?.AllowedByPermissionsBoundary === false))
    return 'The permissions boundary of the role does not allow it.';
  return isDenied ? 'A policy of the role denies it.' : 'No policy of the role allows it.';
}

const example = (text: string, { partition, region, account }: Place): string =>
  text === '*'
    ? text
    : text.replaceAll('{partition}', partition).replaceAll('{region}', region).replaceAll('{account}', account).replace(/\*+/g, anyName);

const ofEveryCall = (role: string, { region, account }: Place): readonly ContextEntry[] => [
  entry('aws:ResourceAccount', account),
  entry('aws:RequestedRegion', region),
  entry('aws:PrincipalArn', role),
];

/** What the calls of the rule bring with them, as the condition of their grant requires it. */
const required = (condition: Grant['condition'] = {}, place: Place): readonly ContextEntry[] =>
  Object.entries(condition).flatMap(([operator, keys]) =>
    /^Null$|Not/.test(operator)
      ? []
      : Object.entries(keys).flatMap(([key, values]) => {
          const [value] = toArray(values);
          return value === undefined ? [] : [entry(key, example(value, place), operator === 'Bool' ? 'boolean' : 'string')];
        }),
  );

const entry = (ContextKeyName: string, value: string, ContextKeyType: ContextEntry['ContextKeyType'] = 'string'): ContextEntry => ({
  ContextKeyName,
  ContextKeyValues: [value],
  ContextKeyType,
});
