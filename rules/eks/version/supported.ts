import { DescribeClusterVersionsCommand } from '@aws-sdk/client-eks';
import * as z from 'zod';
import { plain } from '../../detector-parameters';
import { collect } from '../../pages';
import type { Aws, Grant, MappedParameter } from '../../rule';

export const versionParameters = z.strictObject({
  oldestVersionSupported: z
    .string()
    .regex(/^1\.\d{1,3}$/)
    .optional()
    .describe('The oldest allowed Kubernetes version, such as `1.33`. Default: the oldest version in standard support of Amazon EKS.'),
});

/** Of two versions, the younger one is stricter. */
export const oldestVersion: MappedParameter = {
  sets: 'oldestVersionSupported',
  read: plain,
  strictest: (one, other) => (minorOf(String(one)) >= minorOf(String(other)) ? one : other),
};

/** The permissions that `readOldest` needs. */
export const versionReading: Grant = { actions: ['eks:DescribeClusterVersions'], on: '*' };

/** The oldest Kubernetes version in standard support today. */
export async function readOldest(aws: Aws): Promise<string> {
  const versions = await collect(
    (nextToken) => aws.send(new DescribeClusterVersionsCommand({ versionStatus: 'STANDARD_SUPPORT', nextToken })),
    ({ clusterVersions }) => clusterVersions,
    ({ nextToken }) => nextToken,
  );
  const [oldest] = versions.flatMap(({ clusterVersion }) => clusterVersion ?? []).sort((a, b) => minorOf(a) - minorOf(b));
  if (oldest === undefined) throw new Error('Amazon EKS returned no version in standard support.');
  return oldest;
}

/** The minor version, as all Kubernetes versions start with 1. */
export function minorOf(version: string): number {
  const minor = /^1\.(\d+)$/.exec(version)?.[1];
  if (minor === undefined) throw new Error(`${version} is not a valid Kubernetes version. A valid one looks like 1.33.`);
  return Number(minor);
}
