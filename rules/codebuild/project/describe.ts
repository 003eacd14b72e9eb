import { BatchGetProjectsCommand, ListProjectsCommand, type Project } from '@aws-sdk/client-codebuild';
import { collect } from '../../pages';
import type { Aws, Grant } from '../../rule';

/** The ARNs of projects, for grants. */
export const projects = 'arn:{partition}:codebuild:{region}:{account}:project/*';

/** The permissions that `describeProject` needs. */
export const projectReading: Grant = { actions: ['codebuild:BatchGetProjects'], on: projects };

export async function describeProject(name: string, aws: Aws): Promise<Project | undefined> {
  return (await aws.send(new BatchGetProjectsCommand({ names: [name] }))).projects?.find((project) => project.name === name);
}

/** The permissions that `listProjects` needs. */
export const listing: Grant = { actions: ['codebuild:ListProjects'], on: '*' };

/** The names of the projects of an account and region. */
export const listProjects = (aws: Aws): Promise<string[]> =>
  collect(
    (nextToken) => aws.send(new ListProjectsCommand({ nextToken })),
    ({ projects: names }) => names,
    ({ nextToken }) => nextToken,
  );
