import {
  BatchGetRepositoryScanningConfigurationCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetRegistryScanningConfigurationCommand,
  PutImageScanningConfigurationCommand,
} from '@aws-sdk/client-ecr';
import { undefinedOn } from '../absence';
import { defineRule, notFound } from '../rule';
import { listRepositories } from './repository/list';
import { repositories, repository } from './repository/resource';

/** Whether images are scanned, by a setting of the repository or the registry; if not, the scan type of the registry. */
type State = { readonly isScanned: boolean; readonly registry?: string };

export default defineRule({
  id: 'ecr-repository-images-scanned',
  title: 'ECR repositories have image scanning enabled',
  why: 'Without scans, publicly known vulnerabilities in images go unnoticed.',
  impact: 'Amazon ECR scans each image on push, free of charge. Existing images are scanned only on request.',
  severity: 'high',
  risk: 'safe',
  resource: repository,
  independentUndo: true,
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
    // The setting of a repository applies only with basic scanning.
    const isScanned = registry === 'BASIC' && found.imageScanningConfiguration?.scanOnPush === true;
    return isScanned ? { isScanned } : { isScanned, registry };
  },

  plan({ id }, { isScanned, registry }) {
    if (isScanned) return [];
    if (registry === 'ENHANCED')
      return {
        unfixable:
          'The registry uses enhanced scanning by Amazon Inspector, which ignores the setting of a repository, and no filter of the registry includes this repository. Add it to a filter.',
        code: 'registry-filter-missing',
      };
    return [{ do: scanning(id, true), undo: scanning(id, false) }];
  },

  list: listRepositories,
});

const scanning = (repositoryName: string, scanOnPush: boolean) =>
  new PutImageScanningConfigurationCommand({ repositoryName, imageScanningConfiguration: { scanOnPush } });
