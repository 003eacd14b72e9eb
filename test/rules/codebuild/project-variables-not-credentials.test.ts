import type { EnvironmentVariable, ProjectEnvironment } from '@aws-sdk/client-codebuild';
import { isChanges, loggedChange } from '../../../functions/plan/change';
import { project } from '../../../rules/codebuild/project/resource';
import rule from '../../../rules/codebuild/project-variables-not-credentials';
import { type Aws, notFound } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import { projectWith, standardEnvironment } from './new-project';
import { updateSent } from './update-sent';

const key: EnvironmentVariable = { name: 'AWS_ACCESS_KEY_ID', value: 'AKIAIOSFODNN7EXAMPLE', type: 'PLAINTEXT' };
const secret: EnvironmentVariable = { name: 'AWS_SECRET_ACCESS_KEY', value: 'only-for-tests-0a' };
const stage: EnvironmentVariable = { name: 'STAGE', value: 'production', type: 'PLAINTEXT' };
const token: EnvironmentVariable = { name: 'AWS_SESSION_TOKEN', value: 'only-for-tests-0b' };
const password: EnvironmentVariable = { name: 'DB_PASSWORD', value: 'only-for-tests-0c' };
const stored: EnvironmentVariable = { name: 'AWS_SECRET_ACCESS_KEY', value: '/build/secret', type: 'PARAMETER_STORE' };

const withVariables = (...environmentVariables: EnvironmentVariable[]) =>
  projectWith({ environment: { ...standardEnvironment, environmentVariables } });

describeRule(rule, {
  violations: {
    'a project with an access key among its variables': { seed: withVariables(stage, key, secret), outcome: 'awaiting-approval' },
    'a project with half an access key': { seed: withVariables(secret), outcome: 'awaiting-approval' },
    'a project with another secret in clear text': { seed: withVariables(key, secret, password), outcome: 'awaiting-approval' },
  },
  compliant: {
    'a project without variables': { seed: projectWith({}) },
    'a project whose access key is elsewhere': { seed: withVariables(stage, stored, { ...key, type: 'SECRETS_MANAGER' }) },
    'a project with a secret of another sort': { seed: withVariables(password) },
    'a project with the token of a session alone': { seed: withVariables(token) },
    'a project with a variable of a name like it': { seed: withVariables({ ...key, name: 'MY_AWS_ACCESS_KEY_ID' }) },
  },
  missing: 'no-such-project',
});

const resource = {
  type: project.type,
  id: 'shop',
  arn: 'arn:aws:codebuild:eu-west-1:123456789012:project/shop',
  partition: 'aws',
  account: '123456789012',
  region: 'eu-west-1',
};

async function fix(...environmentVariables: EnvironmentVariable[]) {
  const environment: ProjectEnvironment = {
    ...standardEnvironment,
    environmentVariables,
    registryCredential: { credential: 'registry', credentialProvider: 'SECRETS_MANAGER' },
  };
  const found = { name: 'shop', environment, serviceRole: 'builder', source: { type: 'S3' as const } };
  const state = await rule.inspect(resource, { send: async () => ({ projects: [found] }) } as unknown as Aws);
  if (state === notFound) throw new Error('It is gone.');
  const plan = rule.plan(resource, state, { parameters: {}, detectedBy: 'CodeBuild.2', now: new Date(0) });
  if (!isChanges(plan) || !plan[0]) throw new Error('There is no change.');
  return {
    environment,
    written: JSON.stringify([state, plan.map(loggedChange)]),
    change: plan[0],
    update: await updateSent(plan[0].do, found),
  };
}

describe('the fix', () => {
  it('keeps all else of the environment, and takes a session token out along with its key', async () => {
    const { environment, change, update } = await fix(key, stage, secret, { ...stored, name: 'TOKEN' }, token, password);
    expect(update).toEqual({
      name: 'shop',
      environment: { ...environment, environmentVariables: [stage, { ...stored, name: 'TOKEN' }, password] },
    });
    expect(change).toMatchObject({ irreversible: expect.stringContaining('builds use builder instead') });
  });

  it('takes out what is in clear text alone, where a name stands twice', async () => {
    const { update } = await fix(secret, stored, secret);
    expect(update).toMatchObject({ environment: { environmentVariables: [stored] } });
  });

  it('writes down no value of any variable', async () => {
    const { written } = await fix(key, secret, stage, token, password);
    for (const { value } of [key, secret, stage, token, password]) expect(written).not.toContain(value);
    expect(JSON.parse(written)).toMatchObject([
      { exposed: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] },
      [{ do: { service: 'codebuild', operation: 'UpdateProject', input: { name: 'shop' } } }],
    ]);
  });

  it('is none where the project is gone by then', async () => {
    const { change } = await fix(key);
    await expect(updateSent(change.do, { name: 'other' })).rejects.toThrow('The project shop does not exist');
  });
});

it('lists the projects of all pages', async () => {
  const send = async ({ input }: { input: { nextToken?: string } }) =>
    input.nextToken ? { projects: ['b'] } : { projects: ['a'], nextToken: 'more' };
  expect(await rule.list?.(resource, { send } as unknown as Aws)).toEqual(['a', 'b']);
});
