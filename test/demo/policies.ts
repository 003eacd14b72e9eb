import { type Policy, policy } from '../../functions/policy/policy';

/** Parameters that a rule can't do without, as an owner would set them. */
const parameters = [{ rules: ['rds-instance-monitoring-enhanced'], values: { monitoringRole: 'rds-monitoring-role' } }];

/** As after a first deployment: nothing is changed. */
export const observing: Policy = policy.parse({ parameters });

/** The owner lets all rules fix, the disruptive ones as well. */
export const fixing: Policy = policy.parse({
  modes: { default: 'fix', clauses: [{ mode: 'fix', risks: ['disruptive'] }] },
  limits: { account: {}, all: {} },
  parameters,
});

/** As before, but plans for that resource wait for a session of that role. */
export const askingFor = (resource: string, approver: string): Policy =>
  policy.parse({
    modes: { default: 'fix', clauses: [{ mode: 'ask', resources: [resource] }] },
    approvals: { approvers: [{ principals: [approver] }] },
    parameters,
  });

interface Asking {
  /** Whose plans wait. */
  readonly resources: readonly string[];
  readonly account: string;
  /** The role that approves. */
  readonly approver: string;
  /** The address of the stand-in of GitHub, and the user there who may answer. */
  readonly tracker: string;
  readonly user: string;
}

/** As before, but plans for those resources wait for a session of that role, or for an answer in a ticket. */
export function asking({ resources, account, approver, tracker: url, user }: Asking): Policy {
  const person = `arn:aws:iam::${account}:user/ada`;
  return policy.parse({
    modes: { default: 'fix', clauses: [{ mode: 'ask', resources }] },
    approvals: { approvers: [{ principals: [`arn:aws:iam::${account}:role/${approver}`, person] }] },
    tickets: {
      tracker: { vendor: 'github', url, project: 'acme/security', secret: 'posture/tracker', searchLag: 0 },
      answers: { secret: 'posture/answers', operators: [{ person, user }] },
      comment: ['approved'],
      close: ['fixed'],
    },
    parameters,
  });
}
