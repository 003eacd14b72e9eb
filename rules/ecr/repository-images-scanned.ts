import {
  BatchGetRepositoryScanningConfigurationCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetRegistryScanningConfigurationCommand,
  PutImageScanningConfigurationCommand,
} from '@aws-sdk/client-ecr';
import { undefinedOn } from '../absence';
import { collect } from '../pages';
import { defineRule, notFound } from '../rule';
import { repositories, repository } from './repository/resource';

/** Whether images are scanned, by the repository's own setting or the registry's; if not, how the registry scans. */
type State = { readonly isScanned: boolean; readonly registry?: string };

export default defineRule({
  id: 'ecr-repository-images-scanned',
  title: 'ECR repositories have their images scanned',
  why: 'Without a scan nobody knows that an image carries a weakness that the whole world knows.',
  impact:
    'Amazon ECR scans each image when it is pushed, free of charge. Images that are there already are scanned when somebody asks for it.',
  severity: 'high',
  risk: 'safe',
  resource: repository,
  property: 'ImageScanningConfiguration.ScanOnPush',
  detectedBy: { securityHub: ['ECR.1'], config: ['ecr-private-image-scanning-enabled'] },
  permissions: {
    inspect: [
      { actions: ['ecr:DescribeRepositories', 'ecr:BatchGetRepositoryScanningConfiguration'], on: repositories },
      { actions: ['ecr:GetRegistryScanningConfiguration'], on: '*' },
    ],
    change: { actions: ['ecr:PutImageScanningConfiguration'], on: repositories },
  },
  clients: [ECRClient],
  commands: [PutImageScanningConfigurationCommand],

  async inspect({ id }, aws): Promise<State | typeof notFound> {
    const repositoryNames = [id];
    const answer = await undefinedOn(['RepositoryNotFoundException'], aws.send(new DescribeRepositoriesCommand({ repositoryNames })));
    const [found] = answer?.repositories ?? [];
    if (!found) return notFound;
    const { scanningConfigurations = [] } = await aws.send(new BatchGetRepositoryScanningConfigurationCommand({ repositoryNames }));
    if (scanningConfigurations.some(({ scanFrequency = 'MANUAL' }) => scanFrequency !== 'MANUAL')) return { isScanned: true };
    const { scanningConfiguration: { scanType: registry = 'BASIC' } = {} } = await aws.send(
      new GetRegistryScanningConfigurationCommand({}),
    );
    // What a repository says counts in a registry that scans by itself alone.
    const isScanned = registry === 'BASIC' && found.imageScanningConfiguration?.scanOnPush === true;
    return isScanned ? { isScanned } : { isScanned, registry };
  },

  plan({ id }, { isScanned, registry }) {
    if (isScanned) return [];
    if (registry === 'ENHANCED')
      return {
        unfixable:
          'The registry is scanned by Amazon Inspector, which does not mind the setting of a repository, and the filters of the registry leave this one out. Add it to a filter.',
      };
    return [{ do: scanning(id, true), undo: scanning(id, false) }];
  },

  list: (_, aws) =>
    collect(
      (nextToken) => aws.send(new DescribeRepositoriesCommand({ maxResults: 1000, nextToken })),
      ({ repositories: page = [] }) => page.flatMap(({ repositoryName }) => repositoryName ?? []),
      ({ nextToken }) => nextToken,
    ),
});

const scanning = (repositoryName: string, scanOnPush: boolean) =>
  new PutImageScanningConfigurationCommand({ repositoryName, imageScanningConfiguration: { scanOnPush } });
