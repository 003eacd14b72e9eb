import { CodeBuildClient, ListSourceCredentialsCommand, type ProjectSource, UpdateProjectCommand } from '@aws-sdk/client-codebuild';
import { type Aws, defineRule, gone, type Json } from '../rule';
import { holdsSecret } from '../secrets-in-text';
import { describeProject, listing, listProjects, projectReading, projects } from './project/describe';
import { project } from './project/resource';

/** A source as AWS shows it, but for what signs in to Bitbucket in its URL: that is never written down. */
type Source = {
  readonly exposed: boolean;
  /** Whether CodeBuild can sign in to Bitbucket without it. */
  readonly connected: boolean;
  /** Null where its build specification looks as if it held a secret. */
  readonly content: Readonly<Record<string, Json>> | null;
};

/** Its source, and its secondary sources in their order. */
type State = { readonly source: Source; readonly secondary: readonly Source[] };

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
    change: { actions: ['codebuild:UpdateProject'], on: projects },
  },
  clients: [CodeBuildClient],
  commands: [UpdateProjectCommand],

  async inspect({ id }, aws): Promise<State | typeof gone> {
    const found = await describeProject(id, aws);
    if (!found) return gone;
    const { source = { type: undefined }, secondarySources = [] } = found;
    const exposed = [source, ...secondarySources].some(isExposed);
    const account = exposed && (await signsIn(aws));
    return { source: seen(source, account), secondary: secondarySources.map((one) => seen(one, account)) };
  },

  plan({ id }, { source, secondary }) {
    const exposed = [source, ...secondary].filter((one) => one.exposed);
    if (exposed.length === 0) return [];
    if (exposed.some(({ connected }) => !connected))
      return {
        unfixable:
          'CodeBuild could not sign in to Bitbucket without what is in the URL. Connect the account or the project to Bitbucket first (CodeConnections, or `aws codebuild import-source-credentials`).',
      };
    const changed = [...(source.exposed ? [source] : []), ...(secondary.some((one) => one.exposed) ? secondary : [])];
    if (changed.some(({ content }) => content === null))
      return {
        unfixable:
          'The build specification looks as if it held a secret, which would get into the log. Move that to Secrets Manager first.',
      };
    return [
      {
        do: new UpdateProjectCommand({
          name: id,
          ...(source.exposed && { source: contentOf(source) }),
          ...(secondary.some((one) => one.exposed) && { secondarySources: secondary.map(contentOf) }),
        }),
        irreversible: "The log keeps no passwords and tokens, so that it can't put back what was in the URL.",
      },
    ];
  },

  list: (_, aws) => listProjects(aws),
});

const signedIn = /^(https?:\/\/)[^/]*@/i;

const isExposed = ({ type, location = '' }: ProjectSource): boolean => type === 'BITBUCKET' && signedIn.test(location);

const contentOf = ({ content }: Source): ProjectSource => content as unknown as ProjectSource;

function seen(source: ProjectSource, account: boolean): Source {
  const { location, ...rest } = source;
  const clean = { ...rest, ...(location !== undefined && { location: location.replace(signedIn, '$1') }) };
  const own = source.auth?.type === 'CODECONNECTIONS' || source.auth?.type === 'SECRETS_MANAGER';
  const content = holdsSecret(source.buildspec ?? '') ? null : (JSON.parse(JSON.stringify(clean)) as Readonly<Record<string, Json>>);
  return { exposed: isExposed(source), connected: own || account, content };
}

/** Whether the account has a connection to Bitbucket for all its projects. */
async function signsIn(aws: Aws): Promise<boolean> {
  const { sourceCredentialsInfos = [] } = await aws.send(new ListSourceCredentialsCommand({}));
  return sourceCredentialsInfos.some(({ serverType }) => serverType === 'BITBUCKET');
}
