import { type ProjectSource, UpdateProjectCommand } from '@aws-sdk/client-codebuild';
import { amend } from '../../amendment';
import { describeProject } from './describe';

const signedIn = /^(https?:\/\/)[^/]*@/i;

/** Whether a source has in its URL what signs in to Bitbucket. */
export const isExposed = ({ type, location = '' }: ProjectSource): boolean => type === 'BITBUCKET' && signedIn.test(location);

/** The URL of a source without what signs in. */
export const cleanLocation = ({ location = '' }: ProjectSource): string => location.replace(signedIn, '$1');

interface Removal {
  readonly name: string;
  /** The URLs that sources of the project have afterwards. */
  readonly locations: readonly string[];
}

/**
 * Takes what signs in to Bitbucket out of the URLs of a project's sources, and leaves all else of them. Their build specifications,
 * which may hold secrets, go from CodeBuild to CodeBuild: no plan, state or log ever holds one.
 */
export const RemoveSignInCommand = amend<Removal>(UpdateProjectCommand, async ({ name, locations }, aws) => {
  const project = await describeProject(name, aws);
  if (!project) throw new Error(`There is no project ${name}. Nothing was changed.`);
  const isFaulty = (source: ProjectSource): boolean => isExposed(source) && locations.includes(cleanLocation(source));
  const cleaned = (source: ProjectSource): ProjectSource => (isFaulty(source) ? { ...source, location: cleanLocation(source) } : source);
  const { source, secondarySources = [] } = project;
  return new UpdateProjectCommand({
    name,
    ...(source && isFaulty(source) && { source: cleaned(source) }),
    ...(secondarySources.some(isFaulty) && { secondarySources: secondarySources.map(cleaned) }),
  });
});
