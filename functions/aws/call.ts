import type { AwsCommand, CommandClass, Json } from '../../rules/rule';
import { toJson } from '../canonical-json';

/** One API call as the log holds it: the service's namespace in the SDK (`s3`, `s3control`), the operation and its input. */
export interface Call {
  readonly service: string;
  readonly operation: string;
  readonly input: Json;
}

/** A command as data. The names are read from the schema of the command, which minification doesn't change. */
export function callOf(command: AwsCommand): Call {
  const { schema } = command as { schema?: unknown };
  if (!Array.isArray(schema) || typeof schema[1] !== 'string' || typeof schema[2] !== 'string') {
    throw new TypeError('The command has no operation schema. Use a command class of the AWS SDK.');
  }
  return { service: serviceIn(schema[1]), operation: schema[2], input: toJson(command.input) };
}

/** `com.amazonaws.s3` -> `s3`. */
export const serviceIn = (namespace: string): string => namespace.slice(namespace.lastIndexOf('.') + 1);

/** The command of a logged call, created from the command classes of the rule. */
export function commandOf(call: Call, classes: readonly CommandClass[]): AwsCommand {
  for (const Command of classes) {
    const command = new Command(call.input);
    const { service, operation } = callOf(command);
    if (service === call.service && operation === call.operation) return command;
  }
  throw new Error(`The rule has no command class for ${call.service}:${call.operation}. Add the class to its \`commands\`.`);
}
