import type { Aws, AwsCommand, CommandClass } from './rule';

/**
 * The class of a command for resources that AWS updates only as a whole: when sent, it reads the resource, and writes it back with the
 * amendment in its input. So plans and logs contain only the amendment, not the rest, which may be secret, and later changes of others
 * are not lost. `amended` may read, also from other services of the rule's clients, and returns the command to send; `inspect` must have the permissions
 * for its reads.
 */
export const amend = <Input extends object>(
  Write: CommandClass,
  amended: (input: Input, aws: Aws) => Promise<AwsCommand>,
): (new (
  input: Input,
) => AwsCommand) =>
  class extends Write implements Amendment {
    connection: Aws | undefined = undefined;

    override resolveMiddleware(stack: never, configuration: never, options?: never) {
      const sent = async <Output>(command: AwsCommand<Output>): Promise<{ output: Output }> =>
        command.resolveMiddleware(stack, configuration, options)(command as never);
      const read: Aws['send'] = async (command) => {
        if (namespaceOf(command) === namespaceOf(this)) return (await sent(command)).output;
        if (!this.connection) throw new Error(`${namespaceOf(command)} is another service, and the command is not sent by a connection.`);
        return this.connection.send(command);
      };
      const aws: Aws = { send: read };
      return async () => {
        const command = await amended(this.input as Input, aws);
        return sent(command).catch((error: unknown) => {
          if (error instanceof Error) error.message = withoutQuotes(error.message, command.input, this.input);
          throw error;
        });
      };
    }
  };

/** A command that reads before it writes. Whoever sends it says by which connection it reaches other services: it has the client of its own alone. */
interface Amendment {
  connection: Aws | undefined;
}

export const isAmendment = (command: object): command is Amendment => 'connection' in command;

/** `com.amazonaws.rds` */
const namespaceOf = (command: object): unknown => (command as { readonly schema?: readonly unknown[] }).schema?.[1];

const shortest = 6;

/** The message of an error without what AWS quotes of the input, and the log does not have: it may be secret. */
export function withoutQuotes(message: string, sent: object, logged: object): string {
  const known = new Set(textsIn(logged));
  const quoted = textsIn(sent).filter((text) => text.length >= shortest && !text.startsWith('arn:') && !known.has(text));
  return quoted.sort((a, b) => b.length - a.length).reduce((left, text) => left.replaceAll(text, '…'), message);
}

const textsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
};
