import { DescribeRepositoriesCommand } from '@aws-sdk/client-ecr';
import { collect } from '../../pages';
import type { Aws, Place } from '../../rule';

/** The names of the private repositories in an account and Region. */
export const listRepositories = (_: Place, aws: Aws): Promise<readonly string[]> =>
  collect(
    (nextToken) => aws.send(new DescribeRepositoriesCommand({ maxResults: 1000, nextToken })),
    ({ repositories: page = [] }) => page.flatMap(({ repositoryName }) => repositoryName ?? []),
    ({ nextToken }) => nextToken,
  );
