import { ImportSourceCredentialsCommand, type ProjectSource } from '@aws-sdk/client-codebuild';
import { callOf } from '../../../functions/aws/call';
import { isChanges, loggedChange } from '../../../functions/plan/change';
import { project } from '../../../rules/codebuild/project/resource';
import { RemoveSignInCommand } from '../../../rules/codebuild/project/sign-in';
import rule from '../../../rules/codebuild/project-source-not-credentials';
import { type Aws, type AwsCommand, notFound } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { projectWith } from './new-project';
import { updateSent } from './update-sent';

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
    'a project with a password in its URL, in an account that is connected to Bitbucket': {
      seed: connected(exposed),
      outcome: 'awaiting-approval',
    },
    'a project with a token in its URL, and a connection of its own': {
      seed: projectWith({ source: { ...exposed, location: 'https://only-for-tests@bitbucket.org/team/shop', auth: connection } }),
      outcome: 'awaiting-approval',
    },
    'a project whose build specification holds a secret too': {
      seed: connected({ ...exposed, buildspec: 'version: 0.2\nenv:\n  variables:\n    API_KEY: only-for-tests' }),
      outcome: 'awaiting-approval',
    },
  },
  compliant: {
    'a project without credentials in its URL': { seed: projectWith({}) },
    'a project whose repository has an @ in its path': {
      seed: projectWith({ source: { ...exposed, location: 'https://bitbucket.org/team/shop@home.git' } }),
    },
    'a project of another server': { seed: projectWith({ source: { type: 'GITHUB', location: 'https://ann@github.com/team/shop' } }) },
  },
  obstacles: {
    'a project that nothing else connects to Bitbucket': {
      seed: projectWith({ source: exposed }),
      outcome: 'unfixable',
      reason: /cannot connect to Bitbucket/,
    },
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

async function fix(source: ProjectSource, secondarySources?: ProjectSource[], now = { source, secondarySources }) {
  const found = { name: 'shop', source, secondarySources };
  const send = async (command: AwsCommand) =>
    callOf(command).operation === 'BatchGetProjects'
      ? { projects: [found] }
      : { sourceCredentialsInfos: [{ serverType: 'GITHUB' }, { serverType: 'BITBUCKET' }] };
  const state = await rule.inspect(resource, { send } as unknown as Aws);
  if (state === notFound) throw new Error('It is gone.');
  const plan = rule.plan(resource, state, { parameters: {}, detectedBy: 'CodeBuild.1', now: new Date(0) });
  if (!isChanges(plan) || !plan[0]) throw new Error('There is no change.');
  const changes = plan.map(loggedChange);
  return { changes, written: JSON.stringify([state, changes]), update: await updateSent(plan[0].do, { name: 'shop', ...now }) };
}

it('leaves a project alone of which one source could not sign in any more', () => {
  const exposed = [true, false].map((connected, index) => ({ location: `https://bitbucket.org/team/${index}`, connected }));
  const plan = rule.plan(resource, { exposed }, { parameters: {}, detectedBy: 'CodeBuild.1', now: new Date(0) });
  expect(plan).toEqual({ unfixable: expect.stringContaining('cannot connect to Bitbucket'), code: 'not-connected' });
});

describe('the fix', () => {
  it('keeps all else of the source, and leaves alone secondary sources without a fault', async () => {
    const source = { ...exposed, buildspec: 'env:\n  variables:\n    API_KEY: only-for-tests' };
    const { changes, update, written } = await fix(source, [{ type: 'S3', location: 'bucket/key', sourceIdentifier: 'more' }]);
    expect(update).toEqual({ name: 'shop', source: { ...source, location } });
    expect(changes).toEqual([
      {
        do: { service: 'codebuild', operation: 'UpdateProject', input: { name: 'shop', locations: [location] } },
        irreversible: expect.stringContaining('cannot be restored'),
      },
    ]);
    expect(written).not.toContain('only-for-tests');
  });

  it('names all secondary sources where one is at fault, and each URL once', async () => {
    const clean: ProjectSource = {
      type: 'GITHUB',
      location: 'https://ann@github.com/team/docs',
      sourceIdentifier: 'docs',
      auth: { type: 'OAUTH' },
    };
    const shop = { ...exposed, sourceIdentifier: 'shop' };
    const again = { ...exposed, location: 'HTTPS://a:only@for-tests@bitbucket.org/a.git', sourceIdentifier: 'again' };
    const { changes, update, written } = await fix({ type: 'NO_SOURCE' }, [clean, shop, { ...shop, sourceIdentifier: 'dev' }, again]);
    expect(update).toEqual({
      name: 'shop',
      secondarySources: [
        clean,
        { ...shop, location },
        { ...shop, location, sourceIdentifier: 'dev' },
        { ...again, location: 'HTTPS://bitbucket.org/a.git' },
      ],
    });
    expect(changes).toMatchObject([{ do: { input: { locations: ['HTTPS://bitbucket.org/a.git', location] } } }]);
    expect(written).not.toContain('for-tests');
  });

  it('leaves alone a source that came since', async () => {
    const other = { ...exposed, location: 'https://ann:only-for-tests@bitbucket.org/team/other.git' };
    const { update } = await fix(exposed, [], { source: exposed, secondarySources: [other] });
    expect(update).toEqual({ name: 'shop', source: { ...exposed, location } });
  });

  it('is none where the project is gone by then', async () => {
    await expect(updateSent(new RemoveSignInCommand({ name: 'shop', locations: [location] }), { name: 'other' })).rejects.toThrow(
      'The project shop does not exist',
    );
  });
});
