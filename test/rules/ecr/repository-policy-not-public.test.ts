import { CreateRepositoryCommand, GetRepositoryPolicyCommand, SetRepositoryPolicyCommand } from '@aws-sdk/client-ecr';
import rule from '../../../rules/ecr/repository-policy-not-public';
import type { JsonObject } from '../../../rules/json';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';

const pull = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const anybody: JsonObject = { Sid: 'anybody', Effect: 'Allow', Principal: '*', Action: pull };
const partner: JsonObject = { Sid: 'partner', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::444455556666:root' }, Action: pull };
const organization: JsonObject = { ...anybody, Sid: 'organization', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } };
const build: JsonObject = { Sid: 'build', Effect: 'Allow', Principal: { Service: 'codebuild.amazonaws.com' }, Action: pull };

describeRule(rule, {
  violations: {
    'a repository that everybody, a partner and a service pull from': {
      seed: repositoryWith([partner, anybody, build]),
      fixed: async (world, id) => expect(await statementsOf(world, id)).toEqual([partner, build]),
      rolledBack: async (world, id) => expect(await statementsOf(world, id)).toEqual([partner, anybody, build]),
    },
    'a repository in a folder for everybody alone': {
      seed: repositoryWith([anybody], 'team/'),
      fixed: async (world, id) => expect(await statementsOf(world, id)).toBeUndefined(),
      rolledBack: async (world, id) => expect(await statementsOf(world, id)).toEqual([anybody]),
    },
    'a repository that names an account beside everybody': {
      seed: repositoryWith([{ ...anybody, Principal: { AWS: ['444455556666', '*'] } }]),
      fixed: async (world, id) => expect(await statementsOf(world, id)).toEqual([{ ...anybody, Principal: { AWS: ['444455556666'] } }]),
    },
    'a repository that somebody else opens to a partner before the rollback': {
      seed: repositoryWith([anybody]),
      meanwhile: (world, id) => put(world, id, [partner]),
      rollback: 'rollback-refused',
    },
  },
  compliant: {
    'a repository without a policy': { seed: repositoryWith() },
    'a repository for a partner and a service': { seed: repositoryWith([partner, build]) },
    'a repository for an organization': { seed: repositoryWith([organization]) },
  },
  obstacles: {
    'a repository for everybody but those outside of the organization': {
      seed: repositoryWith([
        anybody,
        { ...anybody, Sid: 'outside', Effect: 'Deny', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } },
      ]),
      outcome: 'unfixable',
      reason: /with a Deny statement/,
    },
    'a repository for a tag of the caller, which anybody can have': {
      seed: repositoryWith([{ ...anybody, Condition: { StringEquals: { 'aws:PrincipalTag/team': 'build' } } }]),
      outcome: 'unfixable',
      reason: /names no account, organization or resource/,
    },
  },
  missing: 'no-such-repository',
});

async function put(world: World, repositoryName: string, Statement: readonly JsonObject[]): Promise<void> {
  await world.send(new SetRepositoryPolicyCommand({ repositoryName, policyText: JSON.stringify({ Version: '2012-10-17', Statement }) }));
}

async function statementsOf(world: World, repositoryName: string): Promise<unknown> {
  try {
    const { policyText = '' } = await world.send(new GetRepositoryPolicyCommand({ repositoryName }));
    return (JSON.parse(policyText) as { readonly Statement: unknown }).Statement;
  } catch (error) {
    if ((error as Error).name === 'RepositoryPolicyNotFoundException') return undefined;
    throw error;
  }
}

function repositoryWith(statements?: readonly JsonObject[], folder = '') {
  return async (world: World): Promise<string> => {
    const repositoryName = `${folder}shop-${Math.random().toString(36).slice(2)}`;
    await world.send(new CreateRepositoryCommand({ repositoryName }));
    if (statements) await put(world, repositoryName, statements);
    return repositoryName;
  };
}
