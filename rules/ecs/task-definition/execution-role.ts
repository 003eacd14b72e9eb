import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { undefinedOn } from '../../absence';
import type { Aws, Grant } from '../../rule';

/** The permissions that `mayWrite` and `mayRead` need. */
export const roleReading: Grant = { actions: ['iam:SimulatePrincipalPolicy'], on: 'arn:{partition}:iam::{account}:role/*' };

export const roleClients = [IAMClient];

/** Whether a role may write to a log group. */
export const mayWrite = (role: string, logGroup: string, aws: Aws): Promise<boolean> =>
  may(role, ['logs:CreateLogStream', 'logs:PutLogEvents'], `${logGroup}:log-stream:ecs/container/task`, aws);

/** Whether a role may read a secret, regardless of the JSON key that ECS uses, or a parameter. */
export function mayRead(role: string, source: string, aws: Aws): Promise<boolean> {
  const parts = source.split(':');
  return parts[2] === 'secretsmanager'
    ? may(role, ['secretsmanager:GetSecretValue'], parts.slice(0, 7).join(':'), aws)
    : may(role, ['ssm:GetParameters'], parts.slice(0, 6).join(':'), aws);
}

/** According to the policies and permissions boundary of a role; false if the role does not exist. */
async function may(role: string, ActionNames: string[], resource: string, aws: Aws): Promise<boolean> {
  const query = new SimulatePrincipalPolicyCommand({ PolicySourceArn: role, ActionNames, ResourceArns: [resource] });
  const answer = await undefinedOn(['NoSuchEntityException', 'NoSuchEntity'], aws.send(query));
  const results = answer?.EvaluationResults ?? [];
  return results.length > 0 && results.every(({ EvalDecision }) => EvalDecision === 'allowed');
}
