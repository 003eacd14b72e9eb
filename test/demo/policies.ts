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

interface Answering {
  readonly resource: string;
  readonly account: string;
  /** In the tracker. */
  readonly user: string;
}

/** As before, but plans for that resource get tickets in a stand-in of GitHub, where one user answers. */
export function answeringIn(url: string, { resource, account, user }: Answering): Policy {
  const person = `arn:aws:iam::${account}:user/ada`;
  return policy.parse({
    modes: { default: 'fix', clauses: [{ mode: 'ask', resources: [resource] }] },
    approvals: { approvers: [{ principals: [person] }] },
    tickets: {
      tracker: { vendor: 'github', url, project: 'acme/security', secret: 'posture/tracker', searchLag: 0 },
      answers: { secret: 'posture/answers', operators: [{ person, user }] },
      comment: ['approved'],
      close: ['fixed'],
    },
    parameters,
  });
}
