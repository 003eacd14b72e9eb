import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { unless } from '../../absence';
import type { Aws, Grant } from '../../rule';

/** What `mayWrite` needs. */
export const writerReading: Grant = { actions: ['iam:SimulatePrincipalPolicy'], on: 'arn:{partition}:iam::{account}:role/*' };

export const writerClients = [IAMClient];

/** Whether a role may write to a log group, by its policies and its boundary; false if there is no such role. */
export async function mayWrite(role: string, logGroup: string, aws: Aws): Promise<boolean> {
  const query = new SimulatePrincipalPolicyCommand({
    PolicySourceArn: role,
    ActionNames: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    ResourceArns: [`${logGroup}:log-stream:ecs/container/task`],
  });
  const answer = await unless(['NoSuchEntityException', 'NoSuchEntity'], aws.send(query));
  const results = answer?.EvaluationResults ?? [];
  return results.length > 0 && results.every(({ EvalDecision }) => EvalDecision === 'allowed');
}
