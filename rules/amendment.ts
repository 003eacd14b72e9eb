import type { Aws, AwsCommand, CommandClass } from './rule';

/**
 * The class of a command for what AWS takes as a whole alone: when it is sent, it reads the thing, and writes it with the amendment
 * that its input names. So plan and log hold the amendment and nothing of the rest, which may be secret, and no change of others since is lost.
 * `amended` may read, and gives the command that writes; what it reads has to be among what `inspect` may.
 */
export const amend = <Input extends object>(
  Write: CommandClass,
  amended: (input: Input, aws: Aws) => Promise<AwsCommand>,
): (new (
  input: Input,
) => AwsCommand) =>
  class extends Write {
    override resolveMiddleware(stack: never, configuration: never, options?: never) {
      const sent = async <Output>(command: AwsCommand<Output>): Promise<{ output: Output }> =>
        command.resolveMiddleware(stack, configuration, options)(command as never);
      const aws: Aws = { send: async (command) => (await sent(command)).output };
      return async () => sent(await amended(this.input as Input, aws));
    }
  };
