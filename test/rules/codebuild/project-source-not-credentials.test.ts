import { ImportSourceCredentialsCommand, type ProjectSource } from '@aws-sdk/client-codebuild';
import { callOf } from '../../../functions/aws/call';
import { isChanges, loggedChange } from '../../../functions/plan/change';
import { project } from '../../../rules/codebuild/project/resource';
import rule from '../../../rules/codebuild/project-source-not-credentials';
import { type Aws, type AwsCommand, gone } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { projectWith } from './new-project';

const location = 'https://bitbucket.org/team/shop.git';
const exposed: ProjectSource = { type: 'BITBUCKET', location: 'https://ann:only-for-tests@bitbucket.org/team/shop.git', gitCloneDepth: 1 };
const connection = { type: 'CODECONNECTIONS' as const, resource: 'arn:aws:codeconnections:eu-west-1:123456789012:connection/0a' };

const connected = (source: ProjectSource) => async (world: World) => {
  const token = { serverType: 'BITBUCKET', authType: 'BASIC_AUTH', username: 'ann', token: 'only-for-tests' } as const;
  await world.send(new ImportSourceCredentialsCommand(token));
  return projectWith({ source })(world);
};

describeRule(rule, {
  violations: {
    'a project with a password in its URL, in an account that is connected to Bitbucket': { seed: connected(exposed), outcome: 'asked' },
    'a project with a token in its URL, and a connection of its own': {
      seed: projectWith({ source: { ...exposed, location: 'https://only-for-tests@bitbucket.org/team/shop', auth: connection } }),
      outcome: 'asked',
    },
  },
  compliant: {
    'a project without credentials in its URL': { seed: projectWith({}) },
    'a project of another server': { seed: projectWith({ source: { type: 'GITHUB', location: 'https://ann@github.com/team/shop' } }) },
  },
  obstacles: {
    'a project that nothing else connects to Bitbucket': {
      seed: projectWith({ source: exposed }),
      outcome: 'unfixable',
      reason: /could not sign in to Bitbucket/,
    },
    'a project whose build specification holds a secret': {
      seed: connected({ ...exposed, buildspec: 'version: 0.2\nenv:\n  variables:\n    API_KEY: only-for-tests' }),
      outcome: 'unfixable',
      reason: /build specification/,
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

async function look(source: ProjectSource, secondarySources: readonly ProjectSource[]) {
  const send = async (command: AwsCommand) =>
    callOf(command).operation === 'BatchGetProjects'
      ? { projects: [{ name: 'shop', source, secondarySources }] }
      : { sourceCredentialsInfos: [{ serverType: 'BITBUCKET' }] };
  const state = await rule.inspect(resource, { send } as unknown as Aws);
  if (state === gone) throw new Error('It is gone.');
  const plan = rule.plan(resource, state, { parameters: {}, detectedBy: 'CodeBuild.1', now: new Date(0) });
  return { state, plan, written: JSON.stringify([state, isChanges(plan) && plan.map(loggedChange)]) };
}

describe('the plan', () => {
  it('keeps all else of the source, and leaves alone secondary sources without a fault', async () => {
    const { plan, written } = await look(exposed, [{ type: 'S3', location: 'bucket/key', sourceIdentifier: 'more' }]);
    expect(isChanges(plan) && plan.map(loggedChange)).toEqual([
      {
        do: {
          service: 'codebuild',
          operation: 'UpdateProject',
          input: { name: 'shop', source: { type: 'BITBUCKET', location, gitCloneDepth: 1 } },
        },
        irreversible: expect.stringContaining("can't put back"),
      },
    ]);
    expect(written).not.toContain('only-for-tests');
  });

  it('names all secondary sources where one is at fault', async () => {
    const clean: ProjectSource = {
      type: 'GITHUB',
      location: 'https://github.com/team/docs',
      sourceIdentifier: 'docs',
      auth: { type: 'OAUTH' },
    };
    const { plan, written } = await look({ type: 'NO_SOURCE' }, [clean, { ...exposed, sourceIdentifier: 'shop' }]);
    expect(isChanges(plan) && plan.map(loggedChange)).toMatchObject([
      { do: { input: { name: 'shop', secondarySources: [clean, { type: 'BITBUCKET', location, sourceIdentifier: 'shop' }] } } },
    ]);
    expect(isChanges(plan) && plan[0]?.do.input).not.toHaveProperty('source');
    expect(written).not.toContain('only-for-tests');
  });
});
