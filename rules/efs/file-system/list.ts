import { DescribeFileSystemsCommand } from '@aws-sdk/client-efs';
import { collect } from '../../pages';
import type { Aws, Place } from '../../rule';

/** The ids of the file systems in an account and Region. */
export const listFileSystems = (_: Place, aws: Aws): Promise<readonly string[]> =>
  collect(
    (Marker) => aws.send(new DescribeFileSystemsCommand({ MaxItems: 100, Marker })),
    ({ FileSystems = [] }) => FileSystems.flatMap(({ FileSystemId }) => FileSystemId ?? []),
    ({ NextMarker }) => NextMarker,
  );
