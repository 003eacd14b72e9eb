import {
  CreateRepositoryCommand,
  type CreateRepositoryCommandInput,
  DescribeRepositoriesCommand,
  PutRegistryScanningConfigurationCommand,
  type ScanFrequency,
  type ScanType,
} from '@aws-sdk/client-ecr';
import { repository } from '../../../rules/ecr/repository/resource';
import rule from '../../../rules/ecr/repository-images-scanned';
import type { Aws, AwsCommand } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';

describeRule(rule, {
  violations: {
    'a repository whose images nobody scans': {
      seed: newRepository(),
      fixed: async (world, id) => expect(await isScanned(world, id)).toBe(true),
      rolledBack: async (world, id) => expect(await isScanned(world, id)).toBe(false),
    },
    'a repository in a folder, with tags that can not change': {
      seed: newRepository({ imageTagMutability: 'IMMUTABLE' }, 'team/'),
      async fixed(world, id) {
        const { repositories } = await world.send(new DescribeRepositoriesCommand({ repositoryNames: [id] }));
        expect(repositories?.[0]).toMatchObject({ imageTagMutability: 'IMMUTABLE', imageScanningConfiguration: { scanOnPush: true } });
      },
    },
    'a repository that the filters of the registry leave out': {
      async seed(world) {
        const id = await newRepository()(world);
        await scan(world, 'BASIC', 'SCAN_ON_PUSH', 'others-*');
        return id;
      },
    },
  },
  compliant: {
    'a repository that scans what is pushed': { seed: newRepository({ imageScanningConfiguration: { scanOnPush: true } }) },
    'a repository in a registry that scans what is pushed': {
      async seed(world) {
        const id = await newRepository()(world);
        await scan(world, 'BASIC', 'SCAN_ON_PUSH', '*');
        return id;
      },
    },
    'a repository that Amazon Inspector always scans': {
      async seed(world) {
        const id = await newRepository()(world);
        await scan(world, 'ENHANCED', 'CONTINUOUS_SCAN', '*');
        return id;
      },
    },
  },
  obstacles: {
    'a repository that Amazon Inspector leaves out, whose own setting it does not mind': {
      async seed(world) {
        const id = await newRepository({ imageScanningConfiguration: { scanOnPush: true } })(world);
        await scan(world, 'ENHANCED', 'CONTINUOUS_SCAN', 'others-*');
        return id;
      },
      outcome: 'unfixable',
      reason: /ignores the setting of a repository/,
    },
    'a repository that Amazon Inspector leaves out': {
      async seed(world) {
        const id = await newRepository()(world);
        await scan(world, 'ENHANCED', 'CONTINUOUS_SCAN', 'others-*');
        return id;
      },
      outcome: 'unfixable',
      reason: /no filter of the registry includes this repository/,
    },
  },
  missing: 'no-such-repository',
});

it('lists the repositories of all pages', async () => {
  const aws: Aws = {
    async send<Output>(command: AwsCommand<Output>) {
      const { nextToken } = command.input as { nextToken?: string };
      return (
        nextToken ? { repositories: [{ repositoryName: 'b/c' }] } : { repositories: [{ repositoryName: 'a' }, {}], nextToken: '2' }
      ) as Output;
    },
  };
  expect(await rule.list?.({ partition: 'aws', account: '1', region: 'eu-west-1' }, aws)).toEqual(['a', 'b/c']);
});

it('takes a registry that never said how it scans for a basic one', async () => {
  const resource = { type: repository.type, id: 'images', arn: 'images', partition: 'aws', account: '1', region: 'eu-west-1' };
  const answer = { repositories: [{}], scanningConfigurations: [{}] };
  expect(await rule.inspect(resource, { send: async () => answer as never })).toEqual({ isScanned: false, registry: 'BASIC' });
});

async function isScanned(world: World, id: string): Promise<boolean | undefined> {
  const { repositories } = await world.send(new DescribeRepositoriesCommand({ repositoryNames: [id] }));
  return repositories?.[0]?.imageScanningConfiguration?.scanOnPush;
}

async function scan(world: World, scanType: ScanType, scanFrequency: ScanFrequency, filter: string): Promise<void> {
  const rules = [{ scanFrequency, repositoryFilters: [{ filter, filterType: 'WILDCARD' as const }] }];
  await world.send(new PutRegistryScanningConfigurationCommand({ scanType, rules }));
}

function newRepository(input: Partial<CreateRepositoryCommandInput> = {}, folder = '') {
  return async (world: World): Promise<string> => {
    const repositoryName = `${folder}images-${Math.random().toString(36).slice(2)}`;
    await world.send(new CreateRepositoryCommand({ repositoryName, ...input }));
    return repositoryName;
  };
}
