import { CodeBuildClient, type EnvironmentVariable, type ProjectEnvironment, UpdateProjectCommand } from '@aws-sdk/client-codebuild';
import { defineRule, gone, type Json } from '../rule';
import { holdsSecret, namesSecret } from '../secrets-in-text';
import { describeProject, listing, listProjects, projectReading, projects } from './project/describe';
import { project } from './project/resource';

type Variable = { readonly name: string; readonly value: string; readonly type: string };

type State = {
  /** The names of the variables that hold credentials of AWS in clear text: no value of theirs is ever written down. */
  readonly exposed: readonly string[];
  /** The names of others that look as if they held a secret in clear text. */
  readonly suspicious: readonly string[];
  /** All other variables, and the rest of the environment. */
  readonly kept: readonly Variable[];
  readonly environment: Readonly<Record<string, Json>>;
  readonly serviceRole: string;
};

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
    change: { actions: ['codebuild:UpdateProject'], on: projects },
  },
  clients: [CodeBuildClient],
  commands: [UpdateProjectCommand],

  async inspect({ id }, aws): Promise<State | typeof gone> {
    const found = await describeProject(id, aws);
    if (!found) return gone;
    const { environmentVariables = [], ...environment } = found.environment ?? {};
    const plain = environmentVariables.filter(({ type = 'PLAINTEXT' }) => type === 'PLAINTEXT');
    const exposed = plain.filter(isCredential);
    const suspicious = plain.filter((variable) => !exposed.includes(variable) && isSuspicious(variable));
    const unsaid = [...exposed, ...suspicious];
    return {
      exposed: namesOf(exposed),
      suspicious: namesOf(suspicious),
      kept: environmentVariables.filter((variable) => !unsaid.includes(variable)).map(said),
      environment: JSON.parse(JSON.stringify(environment)) as Readonly<Record<string, Json>>,
      serviceRole: found.serviceRole ?? '',
    };
  },

  plan({ id }, { exposed, suspicious, kept, environment, serviceRole }) {
    if (!exposed.some((name) => standing.includes(name))) return [];
    if (suspicious.length > 0)
      return {
        unfixable: `AWS takes all variables of a project or none, and ${suspicious.join(', ')} would get into the log: ${suspicious.length > 1 ? 'they look like secrets' : 'it looks like a secret'}. Move it to Secrets Manager first.`,
      };
    const merged = { ...environment, environmentVariables: kept } as unknown as ProjectEnvironment;
    return [
      {
        do: new UpdateProjectCommand({ name: id, environment: merged }),
        irreversible: `The log keeps no credentials, so that it can't put back ${exposed.join(' and ')}; builds use ${serviceRole} instead.`,
      },
    ];
  },

  list: (_, aws) => listProjects(aws),
});

/** A token of a session is of no use without these. */
const standing = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];

const isCredential = ({ name = '' }: EnvironmentVariable): boolean => [...standing, 'AWS_SESSION_TOKEN'].includes(name);

const isSuspicious = ({ name = '', value = '' }: EnvironmentVariable): boolean => namesSecret(name) || holdsSecret(value);

const namesOf = (variables: readonly EnvironmentVariable[]): readonly string[] => variables.map(({ name = '' }) => name).sort();

const said = ({ name = '', value = '', type = 'PLAINTEXT' }: EnvironmentVariable): Variable => ({ name, value, type });
