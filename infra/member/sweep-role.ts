import { CfnCondition, CfnParameter, type CfnResource, Duration, Fn, type Stack } from 'aws-cdk-lib';
import { ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { type Grant, type Rule, toArray } from '../../rules/rule';
import { ownNames, readerRole } from '../names';
import { allowed } from './grants';
import { centralRole } from './trust';
import { acknowledgeWildcards } from './wildcards';

/** IAM allows 6,144 characters in a managed policy, and by default ten of these in a role. The margin is for what the template adds. */
const maxCharacters = 5_800;
const maxPolicies = 10;

/** The member role of the sweep and the watch: all that the rules read, and nothing that they change. Until somebody switches it on, it does not exist. */
export function sweepRole(stack: Stack, rules: readonly Rule[], centralAccount: string): void {
  const given = new CfnParameter(stack, 'Sweep', {
    default: 'off',
    allowedValues: ['off', 'on'],
    description: 'on: the sweep and the watch may read the resources of this account. off: their role does not exist.',
  });
  const isOn = new CfnCondition(stack, 'Sweeps', { expression: Fn.conditionEquals(given.valueAsString, 'on') });
  const scope = new Construct(stack, 'sweep');
  const policies = policiesOf(readsOf(rules)).map((grants, index) => {
    const statements = grants.map(allowed);
    const policy = new ManagedPolicy(scope, `Reads${index + 1}`, { description: 'What the rules read.', statements });
    acknowledgeWildcards(policy, statements);
    return policy;
  });
  const role = new Role(scope, 'MemberRole', {
    roleName: readerRole('sweep'),
    description: 'Reads the resources of all rules.',
    assumedBy: centralRole(centralAccount, ownNames('sweep').functionRole, ownNames('watch').functionRole),
    maxSessionDuration: Duration.hours(1),
    managedPolicies: policies,
  });
  for (const { node } of [role, ...policies]) (node.defaultChild as CfnResource).cfnOptions.condition = isOn;
}

/** What the rules read to list and to inspect: one grant for each service, and the ARNs in it. */
export function readsOf(rules: readonly Rule[]): readonly Grant[] {
  const grants = rules.flatMap(({ permissions, resource }) => [
    ...toArray(permissions.inspect),
    ...toArray(resource).flatMap(({ permissions: own = [] }) => own),
  ]);
  const merged = new Map<string, { readonly grant: Grant; readonly actions: Set<string> }>();
  for (const grant of grants)
    for (const action of grant.actions) {
      const key = JSON.stringify([action.split(':')[0], toArray(grant.on).toSorted(), grant.condition ?? null]);
      const one = merged.get(key) ?? { grant, actions: new Set() };
      merged.set(key, one);
      one.actions.add(action);
    }
  return [...merged]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, { grant, actions }]) => ({ ...grant, actions: [...actions].toSorted() }));
}

/** The grants in as few policies as hold them. */
function policiesOf(grants: readonly Grant[]): readonly (readonly Grant[])[] {
  const policies: Grant[][] = [];
  let left = 0;
  for (const grant of grants) {
    const size = sizeOf(grant);
    if (policies.length === 0 || size > left) {
      policies.push([]);
      left = maxCharacters;
    }
    policies.at(-1)?.push(grant);
    left -= size;
  }
  if (policies.length > maxPolicies)
    throw new Error(
      `The role of the sweep needs ${policies.length} managed policies. IAM allows ${maxPolicies} in a role. Split the role.`,
    );
  return policies;
}

/** The characters of its statement, with the longest name of a partition. */
const sizeOf = ({ actions, on, condition }: Grant): number =>
  JSON.stringify({ Effect: 'Allow', Action: actions, Resource: on, Condition: condition })
    .replaceAll('{partition}', 'aws-us-gov')
    .replaceAll('{region}', '*')
    .replaceAll('{account}', '111122223333').length + 1;
