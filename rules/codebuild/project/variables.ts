import { type EnvironmentVariable, UpdateProjectCommand } from '@aws-sdk/client-codebuild';
import { amend } from '../../amendment';
import { describeProject } from './describe';

interface Removal {
  readonly name: string;
  readonly variables: readonly string[];
}

/** Whether the value is visible to everyone who can view the project. */
export const isInClearText = ({ type = 'PLAINTEXT' }: EnvironmentVariable): boolean => type === 'PLAINTEXT';

/**
 * Removes plaintext variables from the environment of a project, and changes nothing else. The values of the others, including
 * secrets, are read and written back to CodeBuild: no plan, state or log contains one.
 */
export const RemoveVariablesCommand = amend<Removal>(UpdateProjectCommand, async ({ name, variables }, aws) => {
  const { environment } = (await describeProject(name, aws)) ?? {};
  if (!environment) throw new Error(`The project ${name} does not exist, or has no environment. This change was not made.`);
  const isRemoved = (one: EnvironmentVariable) => isInClearText(one) && variables.includes(one.name ?? '');
  const environmentVariables = (environment.environmentVariables ?? []).filter((one) => !isRemoved(one));
  return new UpdateProjectCommand({ name, environment: { ...environment, environmentVariables } });
});
