import { CodeBuildClient } from '@aws-sdk/client-codebuild';
import { defineRule, notFound } from '../rule';
import { describeProject, listing, listProjects, projectReading, projects } from './project/describe';
import { project } from './project/resource';
import { isInClearText, RemoveVariablesCommand } from './project/variables';

/** The names of the plaintext variables with AWS credentials. The value of a variable is never recorded. */
type State = { readonly exposed: readonly string[]; readonly serviceRole: string };

export default defineRule({
  id: 'codebuild-project-variables-not-credentials',
  title: 'CodeBuild projects do not have AWS credentials in plaintext environment variables',
  why: 'Everyone who can view the project can read its variables, and so can everything that runs in a build.',
  impact:
    'The variables with AWS credentials are removed after an approval. Builds then use the service role of the project, which needs the permissions. All other variables stay. Deactivate the access key in IAM, as it may already be known to others.',
  severity: 'critical',
  risk: 'disruptive',
  reversible: 'never',
  resource: project,
  property: 'Environment.EnvironmentVariables',
  detectedBy: { securityHub: ['CodeBuild.2'], config: ['codebuild-project-envvar-awscred-check'] },
  permissions: {
    inspect: [projectReading, listing],
    change: {
      actions: ['codebuild:UpdateProject'],
      on: projects,
      // This rule must not change the source or the service role.
      condition: { Null: { 'codebuild:source': 'true', 'codebuild:secondarySources': 'true', 'codebuild:serviceRole': 'true' } },
    },
  },
  clients: [CodeBuildClient],
  commands: [RemoveVariablesCommand],

  async inspect({ id }, aws): Promise<State | typeof notFound> {
    const found = await describeProject(id, aws);
    if (!found) return notFound;
    const plain = (found.environment?.environmentVariables ?? []).filter(isInClearText);
    const exposed = plain.flatMap(({ name = '' }) => (isCredential(name) ? [name] : []));
    return { exposed: [...new Set(exposed)].sort(), serviceRole: found.serviceRole ?? '' };
  },

  plan({ id }, { exposed, serviceRole }) {
    if (!exposed.some((name) => recorded.includes(name))) return [];
    return [
      {
        do: new RemoveVariablesCommand({ name: id, variables: exposed }),
        irreversible: `The log never contains credentials, so ${exposed.join(' and ')} cannot be restored; builds use ${serviceRole} instead.`,
      },
    ];
  },

  list: (_, aws) => listProjects(aws),
});

/** A session token is useless without these. */
const recorded = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];

const isCredential = (name: string): boolean => [...recorded, 'AWS_SESSION_TOKEN'].includes(name);
