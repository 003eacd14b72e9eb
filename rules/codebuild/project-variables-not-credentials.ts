import { CodeBuildClient } from '@aws-sdk/client-codebuild';
import { defineRule, notFound } from '../rule';
import { describeProject, listing, listProjects, projectReading, projects } from './project/describe';
import { project } from './project/resource';
import { isInClearText, RemoveVariablesCommand } from './project/variables';

/** The names of the variables that hold credentials of AWS in clear text: no value of any variable is ever written down. */
type State = { readonly exposed: readonly string[]; readonly serviceRole: string };

export default defineRule({
  id: 'codebuild-project-variables-not-credentials',
  title: 'CodeBuild projects hold no credentials of AWS in clear text',
  why: 'Everybody who may look at the project reads its variables, and so does everything that runs in a build.',
  impact:
    'The variables with an access key are taken out once somebody approves it: builds then use the service role of the project, which needs the permissions. All other variables stay. The key has been seen, so make it inactive in IAM too.',
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
      // What a build runs, and as whom, is not for this rule to say.
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
        irreversible: `The log keeps no credentials, so that it can't put back ${exposed.join(' and ')}; builds use ${serviceRole} instead.`,
      },
    ];
  },

  list: (_, aws) => listProjects(aws),
});

/** A token of a session is of no use without these. */
const recorded = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];

const isCredential = (name: string): boolean => [...recorded, 'AWS_SESSION_TOKEN'].includes(name);
