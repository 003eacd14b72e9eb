import { type EnvironmentVariable, UpdateProjectCommand } from '@aws-sdk/client-codebuild';
import { amend } from '../../amendment';
import { describeProject } from './describe';

interface Removal {
  readonly name: string;
  readonly variables: readonly string[];
}

/** Whether everybody who may look at the project sees the value. */
export const isInClearText = ({ type = 'PLAINTEXT' }: EnvironmentVariable): boolean => type === 'PLAINTEXT';

/**
 * Takes variables in clear text out of the environment of a project, and leaves all else of it. The values of the others, secrets
 * among them, go from CodeBuild to CodeBuild: no plan, state or log ever holds one.
 */
export const RemoveVariablesCommand = amend<Removal>(UpdateProjectCommand, async ({ name, variables }, aws) => {
  const { environment } = (await describeProject(name, aws)) ?? {};
  if (!environment) throw new Error(`There is no project ${name}, or it has no environment. Nothing was changed.`);
  const isRemoved = (one: EnvironmentVariable) => isInClearText(one) && variables.includes(one.name ?? '');
  const environmentVariables = (environment.environmentVariables ?? []).filter((one) => !isRemoved(one));
  return new UpdateProjectCommand({ name, environment: { ...environment, environmentVariables } });
});
