import { type ProjectSource, UpdateProjectCommand } from '@aws-sdk/client-codebuild';
import { amend } from '../../amendment';
import { describeProject } from './describe';

const signedIn = /^(https?:\/\/)[^/]*@/i;

/** Whether the URL of a Bitbucket source contains credentials. */
export const isExposed = ({ type, location = '' }: ProjectSource): boolean => type === 'BITBUCKET' && signedIn.test(location);

/** The URL of a source without credentials. */
export const cleanLocation = ({ location = '' }: ProjectSource): string => location.replace(signedIn, '$1');

interface Removal {
  readonly name: string;
  /** The URLs of the changed sources after the change. */
  readonly locations: readonly string[];
}

/**
 * Removes Bitbucket credentials from the source URLs of a project, and changes nothing else. Buildspecs, which may contain secrets,
 * are read and written back to CodeBuild: no plan, state or log contains one.
 */
export const RemoveSignInCommand = amend<Removal>(UpdateProjectCommand, async ({ name, locations }, aws) => {
  const project = await describeProject(name, aws);
  if (!project) throw new Error(`The project ${name} does not exist. This change was not made.`);
  const isNoncompliant = (source: ProjectSource): boolean => isExposed(source) && locations.includes(cleanLocation(source));
  const cleaned = (source: ProjectSource): ProjectSource =>
    isNoncompliant(source) ? { ...source, location: cleanLocation(source) } : source;
  const { source, secondarySources = [] } = project;
  return new UpdateProjectCommand({
    name,
    ...(source && isNoncompliant(source) && { source: cleaned(source) }),
    ...(secondarySources.some(isNoncompliant) && { secondarySources: secondarySources.map(cleaned) }),
  });
});
