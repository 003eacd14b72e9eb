import { CodeBuildClient, ListSourceCredentialsCommand, type ProjectSource } from '@aws-sdk/client-codebuild';
import { type Aws, defineRule, notFound } from '../rule';
import { describeProject, listing, listProjects, projectReading, projects } from './project/describe';
import { project } from './project/resource';
import { cleanLocation, isExposed, RemoveSignInCommand } from './project/sign-in';

/** The sources, primary and secondary, with Bitbucket credentials in their URL. The credentials themselves are never recorded. */
type State = {
  readonly exposed: readonly {
    readonly location: string;
    /** Whether CodeBuild can connect to Bitbucket without them. */
    readonly connected: boolean;
  }[];
};

export default defineRule({
  id: 'codebuild-project-source-not-credentials',
  title: 'CodeBuild Bitbucket source URLs do not contain credentials',
  why: 'Everyone who can view the project or a build log can use the credentials to read and change the source.',
  impact:
    'The user name, password or token is removed from the URL after an approval. CodeBuild then uses the Bitbucket connection of the project or the account, which must exist and have access to the repository. Revoke the removed credentials, as they may already be known to others.',
  severity: 'critical',
  risk: 'disruptive',
  reversible: 'never',
  resource: project,
  property: 'Source.Location',
  detectedBy: { securityHub: ['CodeBuild.1'], config: ['codebuild-project-source-repo-url-check'] },
  permissions: {
    inspect: [projectReading, listing, { actions: ['codebuild:ListSourceCredentials'], on: '*' }],
    change: {
      actions: ['codebuild:UpdateProject'],
      on: projects,
      // This rule must not change the environment or the service role.
      condition: { Null: { 'codebuild:environment': 'true', 'codebuild:serviceRole': 'true' } },
    },
  },
  clients: [CodeBuildClient],
  commands: [RemoveSignInCommand],

  async inspect({ id }, aws): Promise<State | typeof notFound> {
    const found = await describeProject(id, aws);
    if (!found) return notFound;
    const sources = [...(found.source ? [found.source] : []), ...(found.secondarySources ?? [])].filter(isExposed);
    const account = sources.length > 0 && (await signsIn(aws));
    return { exposed: sources.map((source) => ({ location: cleanLocation(source), connected: account || hasConnection(source) })) };
  },

  plan({ id }, { exposed }) {
    if (exposed.length === 0) return [];
    if (exposed.some(({ connected }) => !connected))
      return {
        unfixable:
          'Without the credentials in the URL, CodeBuild cannot connect to Bitbucket. Connect the account or the project to Bitbucket first (CodeConnections, or `aws codebuild import-source-credentials`).',
        code: 'not-connected',
      };
    const locations = [...new Set(exposed.map(({ location }) => location))].sort();
    return [
      {
        do: new RemoveSignInCommand({ name: id, locations }),
        irreversible: 'The log never contains passwords or tokens, so the removed credentials cannot be restored.',
      },
    ];
  },

  list: (_, aws) => listProjects(aws),
});

const hasConnection = ({ auth }: ProjectSource): boolean => auth?.type === 'CODECONNECTIONS' || auth?.type === 'SECRETS_MANAGER';

/** Whether the account has a connection to Bitbucket for all its projects. */
async function signsIn(aws: Aws): Promise<boolean> {
  const { sourceCredentialsInfos = [] } = await aws.send(new ListSourceCredentialsCommand({}));
  return sourceCredentialsInfos.some(({ serverType }) => serverType === 'BITBUCKET');
}
