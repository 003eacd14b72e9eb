import type { EnvironmentVariable } from '@aws-sdk/client-codebuild';
import { isChanges, loggedChange } from '../../../functions/plan/change';
import { project } from '../../../rules/codebuild/project/resource';
import rule from '../../../rules/codebuild/project-variables-not-credentials';
import { type Aws, gone } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import { projectWith, standardEnvironment } from './new-project';

const key: EnvironmentVariable = { name: 'AWS_ACCESS_KEY_ID', value: 'AKIAIOSFODNN7EXAMPLE', type: 'PLAINTEXT' };
const secret: EnvironmentVariable = { name: 'AWS_SECRET_ACCESS_KEY', value: 'only-for-tests-0a' };
const stage: EnvironmentVariable = { name: 'STAGE', value: 'production', type: 'PLAINTEXT' };
const stored: EnvironmentVariable = { name: 'AWS_SECRET_ACCESS_KEY', value: '/build/secret', type: 'PARAMETER_STORE' };

const withVariables = (...environmentVariables: EnvironmentVariable[]) =>
  projectWith({ environment: { ...standardEnvironment, environmentVariables } });

describeRule(rule, {
  violations: {
    'a project with an access key among its variables': { seed: withVariables(stage, key, secret), outcome: 'asked' },
    'a project with half an access key': { seed: withVariables(secret), outcome: 'asked' },
  },
  compliant: {
    'a project without variables': { seed: projectWith({}) },
    'a project whose access key is elsewhere': { seed: withVariables(stage, stored, { ...key, type: 'SECRETS_MANAGER' }) },
    'a project with a secret of another sort': { seed: withVariables({ name: 'DB_PASSWORD', value: 'only-for-tests' }) },
  },
  obstacles: {
    'a project with another secret in clear text': {
      seed: withVariables(key, secret, { name: 'DB_PASSWORD', value: 'only-for-tests' }),
      outcome: 'unfixable',
      reason: /DB_PASSWORD would get into the log: it looks like a secret/,
    },
  },
  missing: 'no-such-project',
  unexercised: { 'codebuild:UpdateProject': 'It is irreversible, and waits for an approval.' },
});

const resource = {
  type: project.type,
  id: 'shop',
  arn: 'arn:aws:codebuild:eu-west-1:123456789012:project/shop',
  partition: 'aws',
  account: '123456789012',
  region: 'eu-west-1',
};

async function look(...environmentVariables: EnvironmentVariable[]) {
  const environment = { ...standardEnvironment, environmentVariables, registryCredential: { credential: 'registry' } };
  const aws = { send: async () => ({ projects: [{ name: 'shop', environment, serviceRole: 'builder' }] }) } as unknown as Aws;
  const state = await rule.inspect(resource, aws);
  if (state === gone) throw new Error('It is gone.');
  return { state, plan: rule.plan(resource, state, { parameters: {}, detectedBy: 'CodeBuild.2', now: new Date(0) }) };
}

describe('the plan', () => {
  it('keeps all else of the environment, and takes a session token out along with its key', async () => {
    const { plan } = await look(
      key,
      stage,
      secret,
      { ...stored, name: 'TOKEN' },
      { name: 'AWS_SESSION_TOKEN', value: 'only-for-tests-0b' },
    );
    expect(isChanges(plan) && plan.map(loggedChange)).toEqual([
      {
        do: {
          service: 'codebuild',
          operation: 'UpdateProject',
          input: {
            name: 'shop',
            environment: {
              ...standardEnvironment,
              registryCredential: { credential: 'registry' },
              environmentVariables: [stage, { ...stored, name: 'TOKEN' }],
            },
          },
        },
        irreversible: expect.stringContaining('builds use builder instead'),
      },
    ]);
  });

  it.each([
    ['in its value', { name: 'CONFIG', value: 'key=AKIAIOSFODNN7EXAMPLE' }],
    ['in a URL', { name: 'DATABASE', value: 'postgres://shop:only-for-tests@db/shop' }],
    ['by its name', { name: 'NpmToken', value: 'only-for-tests' }],
  ])('is none beside a secret %s', async (_, variable) => {
    const { plan, state } = await look(key, secret, variable);
    expect(plan).toEqual({ unfixable: expect.stringContaining(variable.name) });
    expect(JSON.stringify(state)).not.toContain(variable.value);
  });

  it('holds no value of a credential, and neither does the state', async () => {
    const { plan, state } = await look(key, secret, stage);
    const written = JSON.stringify([state, isChanges(plan) && plan.map(loggedChange)]);
    expect(written).not.toContain(key.value);
    expect(written).not.toContain(secret.value);
    expect(written).toContain('production');
  });
});

it('lists the projects of all pages', async () => {
  const send = async ({ input }: { input: { nextToken?: string } }) =>
    input.nextToken ? { projects: ['b'] } : { projects: ['a'], nextToken: 'more' };
  expect(await rule.list?.(resource, { send } as unknown as Aws)).toEqual(['a', 'b']);
});
