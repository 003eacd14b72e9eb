import { DescribeClusterVersionsCommand } from '@aws-sdk/client-eks';
import * as z from 'zod';
import { collect } from '../../pages';
import type { Aws, Grant } from '../../rule';

export const versionParameters = z.strictObject({
  oldestVersionSupported: z
    .string()
    .regex(/^1\.\d{1,3}$/)
    .optional()
    .describe('The oldest version of Kubernetes that is allowed, such as `1.33`. If left out, the oldest in standard support of AWS EKS.'),
});

/** What `readOldest` needs. */
export const versionReading: Grant = { actions: ['eks:DescribeClusterVersions'], on: '*' };

/** The oldest version of Kubernetes in standard support today. */
export async function readOldest(aws: Aws): Promise<string> {
  const versions = await collect(
    (nextToken) => aws.send(new DescribeClusterVersionsCommand({ versionStatus: 'STANDARD_SUPPORT', nextToken })),
    ({ clusterVersions }) => clusterVersions,
    ({ nextToken }) => nextToken,
  );
  const [oldest] = versions.flatMap(({ clusterVersion }) => clusterVersion ?? []).sort((a, b) => minorOf(a) - minorOf(b));
  if (oldest === undefined) throw new Error('AWS EKS says of no version that it is in standard support.');
  return oldest;
}

/** Kubernetes is at version 1: what follows tells versions apart. */
export function minorOf(version: string): number {
  const minor = /^1\.(\d+)$/.exec(version)?.[1];
  if (minor === undefined) throw new Error(`${version} is no version of Kubernetes. A version reads 1.33.`);
  return Number(minor);
}
