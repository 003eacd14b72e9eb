import { CreateProjectCommand, type CreateProjectCommandInput } from '@aws-sdk/client-codebuild';
import type { World } from '../../contract/scenario';

/** Makes a project of a Bitbucket repository, but for what is said otherwise; its name. */
export const projectWith =
  (input: Partial<CreateProjectCommandInput>) =>
  async (world: World): Promise<string> => {
    const name = `project-${Math.random().toString(36).slice(2)}`;
    await world.send(
      new CreateProjectCommand({
        name,
        source: { type: 'BITBUCKET', location: 'https://bitbucket.org/team/shop.git' },
        artifacts: { type: 'NO_ARTIFACTS' },
        environment: standardEnvironment,
        serviceRole: `arn:aws:iam::${world.account}:role/builder`,
        tags: [{ key: 'team', value: 'red' }],
        ...input,
      }),
    );
    return name;
  };

export const standardEnvironment = {
  type: 'LINUX_CONTAINER',
  image: 'aws/codebuild/standard:7.0',
  computeType: 'BUILD_GENERAL1_SMALL',
  privilegedMode: true,
} as const;
