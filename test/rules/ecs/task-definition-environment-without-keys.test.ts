import { ECSClient } from '@aws-sdk/client-ecs';
import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { callOf } from '../../../functions/aws/call';
import { isChanges, loggedChange } from '../../../functions/plan/change';
import { mayRead } from '../../../rules/ecs/task-definition/execution-role';
import { taskDefinition } from '../../../rules/ecs/task-definition/resource';
import rule from '../../../rules/ecs/task-definition-environment-without-keys';
import { describeRule } from '../../contract/describe-rule';
import { planOf } from '../../contract/plan-of';
import type { World } from '../../contract/scenario';
import { secret as text } from '../../contract/secrets';
import { standIn } from '../../contract/stand-in';
import { container, newRevision, newService, revision, runBy, standInForDeployments } from './task-definition/seed';

standInForDeployments();

// moto simulates no policies.
standIn(IAMClient, async (command, send) => {
  if (!(command instanceof SimulatePrincipalPolicyCommand)) return send(command);
  return { EvaluationResults: [{ EvalDecision: command.input.PolicySourceArn?.endsWith('/execution') ? 'allowed' : 'implicitDeny' }] };
});

const id = 'arn:aws:ssm:eu-west-1:111122223333:parameter/web/id';
const secret = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:web-AbCdEf:key::';
const secrets = { web: { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret } };
const value = text;
const keyed = container('web', {
  environment: [
    { name: 'AWS_ACCESS_KEY_ID', value },
    { name: 'STAGE', value },
    { name: 'AWS_SECRET_ACCESS_KEY', value },
  ],
  secrets: [{ name: 'DATABASE', valueFrom: id }],
});

async function run(world: World): Promise<string> {
  const arn = await newRevision(world, [keyed, container('log')], role(world));
  await newService(world, 'shop', arn);
  return arn;
}

describeRule(rule, {
  parameters: { secrets },
  violations: {
    'a revision whose environment holds keys': {
      seed: run,
      async fixed(world) {
        expect(await revision(world, 'web:2')).toMatchObject({
          containerDefinitions: [
            {
              name: 'web',
              environment: [{ name: 'STAGE', value }],
              secrets: [
                { name: 'DATABASE', valueFrom: id },
                { name: 'AWS_ACCESS_KEY_ID', valueFrom: id },
                { name: 'AWS_SECRET_ACCESS_KEY', valueFrom: secret },
              ],
            },
            { name: 'log', environment: [{ name: 'STAGE' }] },
          ],
        });
        expect(await runBy(world, 'shop')).toBe('web:2');
      },
    },
    'a revision to whose copy somebody points another service before the rollback': {
      seed: run,
      meanwhile: (world) => newService(world, 'new', 'web:2'),
      async rolledBack(world) {
        expect(await Promise.all(['shop', 'new'].map((cluster) => runBy(world, cluster)))).toEqual(['web:1', 'web:2']);
        expect(await revision(world, 'web:2')).toMatchObject({ status: 'ACTIVE' });
      },
    },
  },
  compliant: {
    'a revision with other variables': { seed: (world) => newRevision(world, [container('web')]) },
    'a revision that gets its keys from secrets': {
      seed: (world) => newRevision(world, [container('web', { secrets: [{ name: 'AWS_SECRET_ACCESS_KEY', valueFrom: secret }] })]),
    },
  },
  obstacles: {
    'a family of which nobody has said where its keys are': {
      seed: (world) => newRevision(world, [keyed], { ...role(world), family: 'other' }),
      outcome: 'unfixable',
      reason: /no source for AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of other/,
    },
    'a family of which one key is nowhere': {
      seed: (world) => newRevision(world, [keyed], role(world)),
      parameters: { secrets: { web: { AWS_ACCESS_KEY_ID: id } } },
      outcome: 'unfixable',
      reason: /no source for AWS_SECRET_ACCESS_KEY of web/,
    },
    'a task without an execution role': { seed: (world) => newRevision(world, [keyed]), outcome: 'unfixable', reason: /no execution role/ },
    'a role that may not read': {
      seed: (world) => newRevision(world, [keyed], { executionRoleArn: `arn:aws:iam::${world.account}:role/other` }),
      outcome: 'unfixable',
      reason:
        /role\/other is not allowed to read arn:aws:ssm:\S+web\/id, arn:aws:secretsmanager:\S+web-AbCdEf:key::, so containers would not start/,
    },
    'a value in the place of a secret': {
      seed: (world) => newRevision(world, [keyed], role(world)),
      parameters: { secrets: { web: { AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI' } } },
      outcome: 'not-configured',
    },
  },
  missing: 'arn:aws:ecs:{region}:{account}:task-definition/web:1',
});

const role = ({ account }: Pick<World, 'account'>) => ({ executionRoleArn: `arn:aws:iam::${account}:role/execution` });

it('has no value of a variable in its state, its plan, and the calls that are logged', async () => {
  expect(rule.clients).toEqual([ECSClient, IAMClient]);
  const arn = 'arn:aws:ecs:eu-west-1:111122223333:task-definition/web:1';
  const resource = { partition: 'aws', account: '111122223333', region: 'eu-west-1', type: taskDefinition.type, id: '1', arn };
  const definition = { ...role(resource), taskDefinitionArn: arn, status: 'ACTIVE', containerDefinitions: [keyed] };
  const allowed = [{ EvalDecision: 'allowed' }];
  const send = async () => ({ taskDefinition: definition, EvaluationResults: allowed }) as never;
  const state = await rule.inspect(resource, { send }, { secrets });
  const plan = planOf(rule, resource, state, { parameters: { secrets }, detectedBy: 'ECS.8', now: new Date(0) });
  if (!isChanges(plan)) throw new Error(JSON.stringify(plan));
  expect(JSON.stringify(state)).toContain('AWS_SECRET_ACCESS_KEY');
  const logged = plan.map((change) => [loggedChange(change), callOf(change.do)]);
  expect(JSON.stringify([state, plan, logged])).not.toContain(value);
});

it.each([
  [secret, 'secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:web-AbCdEf'],
  [id, 'ssm:GetParameters', id],
  [`${id}:3`, 'ssm:GetParameters', id],
])('asks whether a role may read %s', async (source, action, resource) => {
  const send = jest.fn(async () => ({}) as never);
  expect(await mayRead('arn:role', source, { send })).toBe(false);
  const input = { PolicySourceArn: 'arn:role', ActionNames: [action], ResourceArns: [resource] };
  expect(send).toHaveBeenCalledWith(expect.objectContaining({ input }));
});
