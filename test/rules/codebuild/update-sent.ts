import { BatchGetProjectsCommand, CodeBuildClient, type Project, UpdateProjectCommand } from '@aws-sdk/client-codebuild';
import type { AwsCommand } from '../../../rules/rule';

/** What UpdateProject is sent with, where CodeBuild has this project. */
export async function updateSent(command: AwsCommand, project: Project): Promise<object> {
  const sent: object[] = [];
  const read = jest
    .spyOn(BatchGetProjectsCommand.prototype, 'resolveMiddleware')
    .mockReturnValue(async () => answered({ projects: [project] }));
  const write = jest.spyOn(UpdateProjectCommand.prototype, 'resolveMiddleware').mockImplementation(function (this: { input: object }) {
    sent.push(this.input);
    return async () => answered({});
  });
  const client = new CodeBuildClient({ region: 'eu-west-1' });
  try {
    await command.resolveMiddleware(client.middlewareStack as never, client.config as never)(command as never);
  } finally {
    client.destroy();
    read.mockRestore();
    write.mockRestore();
  }
  if (sent.length !== 1) throw new Error(`UpdateProject was sent ${sent.length} times.`);
  return sent[0] ?? {};
}

const answered = (output: object) => ({ response: {}, output }) as never;
