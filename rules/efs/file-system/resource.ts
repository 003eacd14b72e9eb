import { DescribeFileSystemsCommand } from '@aws-sdk/client-efs';
import { undefinedOn } from '../../absence';
import type { ResourceKind } from '../../rule';

/** The ARNs of file systems, for grants. */
export const fileSystems = 'arn:{partition}:elasticfilesystem:{region}:{account}:file-system/*';

/** A file system, by its id. */
export const fileSystem: ResourceKind = {
  type: 'AWS::EFS::FileSystem',
  arn: 'arn:{partition}:elasticfilesystem:{region}:{account}:file-system/{id}',
  scope: 'regional',
  changedBy: {
    service: 'elasticfilesystem',
    calls: {
      'requestParameters.fileSystemId': ['PutFileSystemPolicy', 'DeleteFileSystemPolicy'],
      'responseElements.fileSystemId': ['CreateFileSystem'],
    },
  },
  target: ({ id }) => ({ FileSystemId: id }),
  permissions: [
    { actions: ['elasticfilesystem:DescribeFileSystems'], on: 'arn:{partition}:elasticfilesystem:{region}:{account}:file-system/*' },
  ],

  async tags({ id }, aws) {
    const answer = await undefinedOn(['FileSystemNotFound'], aws.send(new DescribeFileSystemsCommand({ FileSystemId: id })));
    return Object.fromEntries((answer?.FileSystems?.[0]?.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  },
};
