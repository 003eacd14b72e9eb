import type { LocalOperations } from '../local';
import type { Operation } from '../operation';
import { queryAnswer } from '../query';
import { type Context, type Statement, verdict } from './statement';

type Decision = 'allowed' | 'explicitDeny' | 'implicitDeny';

const decisions = { allowed: 'allowed', denied: 'explicitDeny', 'not-allowed': 'implicitDeny' } as const;

/** From the most to the least restrictive. */
const order: readonly Decision[] = ['explicitDeny', 'implicitDeny', 'allowed'];

/** The service control policies of an account, for the simulation alone. */
export type ControlPolicies = Map<string, readonly Statement[]>;

/**
 * IAM's policy simulator: one result for an action, with one for each resource in it, as IAM answers since 2026. Source: IAM API reference,
 * SimulatePrincipalPolicy and EvaluationResult.
 */
export const emulateSimulation = (statementsOf: (role: string) => Promise<readonly Statement[]>, controlPolicies: ControlPolicies) => {
  const operations: LocalOperations = {
    'iam:SimulatePrincipalPolicy': async (operation, { account }) => {
      const statements = await statementsOf(String(operation.input.PolicySourceArn));
      const context = contextOf(operation);
      const resources = members(operation, 'ResourceArns');
      const policies = controlPolicies.get(account);
      const results = members(operation, 'ActionNames').map((action) => {
        const each = (resources.length === 0 ? ['*'] : resources).map((resource) => {
          const byOrganization = policies === undefined || verdict(policies, { action, resource }, context) === 'allowed';
          const own = decisions[verdict(statements, { action, resource }, context)];
          return { resource, byOrganization, decision: byOrganization || own !== 'allowed' ? own : ('implicitDeny' as const) };
        });
        return {
          EvalActionName: action,
          EvalResourceName: each[0]?.resource,
          EvalDecision: order.find((decision) => each.some((one) => one.decision === decision)),
          ...(policies && { OrganizationsDecisionDetail: { AllowedByOrganizations: each.every((one) => one.byOrganization) } }),
          ...(resources.length > 0 && {
            ResourceSpecificResults: {
              member: each.map(({ resource, decision }) => ({ EvalResourceName: resource, EvalResourceDecision: decision })),
            },
          }),
        };
      });
      return queryAnswer(operation, { IsTruncated: false, EvaluationResults: { member: results } });
    },
  };
  return { operations };
};

const members = ({ input }: Operation, name: string): readonly string[] =>
  Object.entries(input).flatMap(([key, value]) => (new RegExp(`^${name}\\.member\\.\\d+$`).test(key) ? [String(value)] : []));

const contextOf = ({ input }: Operation): Context =>
  Object.fromEntries(
    Object.entries(input).flatMap(([key, value]) => {
      const [, index] = /^ContextEntries\.member\.(\d+)\.ContextKeyName$/.exec(key) ?? [];
      return index === undefined
        ? []
        : [[String(value).toLowerCase(), String(input[`ContextEntries.member.${index}.ContextKeyValues.member.1`])] as const];
    }),
  );
