import type { Policy } from './policy';
import type { Path } from './problem';
import type { Scope } from './scope';

/** A clause of the policy with its place. */
export interface PlacedScope {
  readonly path: Path;
  readonly scope: Scope;
}

/** All clauses with a scope. */
export function scopesOf(policy: Policy): readonly PlacedScope[] {
  const { modes, responses, grants, exemptions, windows, freezes, grace, deadlines } = policy;
  const { parameters, approvals, requesters, notifications, tickets } = policy;
  return [
    ...placed(['modes', 'clauses'], modes.clauses),
    ...placed(['responses', 'clauses'], responses.clauses),
    ...placed(['responses', 'never'], responses.never),
    ...placed(['grants'], grants),
    ...placed(['exemptions'], exemptions),
    ...placed(['windows'], windows),
    ...placed(['freezes'], freezes),
    ...placed(['grace'], grace),
    ...placed(['deadlines'], deadlines),
    ...placed(['parameters'], parameters),
    ...Object.entries(requesters).map(([name, { rules, accounts, resources }]) => ({
      path: ['requesters', name],
      scope: { rules, accounts, resources },
    })),
    ...placed(['approvals', 'approvers'], approvals.approvers),
    ...placed(['notifications', 'topics'], notifications.topics),
    ...(tickets ? [{ path: ['tickets', 'scope'], scope: tickets.scope }] : []),
  ];
}

const placed = (path: Path, scopes: readonly Scope[]): readonly PlacedScope[] =>
  scopes.map((scope, index) => ({ path: [...path, index], scope }));
