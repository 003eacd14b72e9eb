import { CodeBuildClient, ListSourceCredentialsCommand, type ProjectSource } from '@aws-sdk/client-codebuild';
import { type Aws, defineRule, notFound } from '../rule';
import { describeProject, listing, listProjects, projectReading, projects } from './project/describe';
import { project } from './project/resource';
import { cleanLocation, isExposed, RemoveSignInCommand } from './project/sign-in';

/** The sources, secondary ones among them, that sign in to Bitbucket by their URL: without that part, which is never written down. */
type State = {
  readonly exposed: readonly {
    readonly location: string;
    /** Whether CodeBuild can sign in to Bitbucket without it. */
    readonly connected: boolean;
  }[];
};

export default defineRule({
  id: 'codebuild-project-source-not-credentials',
  title: 'CodeBuild projects hold no password or token in the URL of a Bitbucket repository',
  why: 'Everybody who may look at the project, or at the log of a build, can read and change the source from then on.',
  impact:
    'The user, password or token is taken out of the URL once somebody approves it; CodeBuild signs in to Bitbucket by the connection of the project or of the account, which has to be there and to reach the repository. What was in the URL has been seen, so revoke it too.',
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
      // In what a build runs, and as whom, is not for this rule to say.
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
          'CodeBuild could not sign in to Bitbucket without what is in the URL. Connect the account or the project to Bitbucket first (CodeConnections, or `aws codebuild import-source-credentials`).',
      };
    const locations = [...new Set(exposed.map(({ location }) => location))].sort();
    return [
      {
        do: new RemoveSignInCommand({ name: id, locations }),
        irreversible: "The log keeps no passwords and tokens, so that it can't put back what was in the URL.",
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
