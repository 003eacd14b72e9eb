import type { Aws, AwsCommand, CommandClass } from '../../rules/rule';
import { callOf } from '../aws/call';
import { canonicalJson } from '../canonical-json';

/**
 * A read-only connection: it refuses the commands with which a rule changes resources, and sends equal requests once, so that rules that
 * inspect the same resource share the responses.
 */
export function readingOnly(aws: Aws, changing: readonly CommandClass[]): Aws {
  const names = new Set(changing.map((Command) => nameOf(new Command({}))));
  const answers = new Map<string, Promise<unknown>>();
  return {
    async send<Output>(command: AwsCommand<Output>): Promise<Output> {
      if (names.has(nameOf(command as AwsCommand)))
        throw new Error(`${nameOf(command as AwsCommand)} changes resources, and this connection only reads.`);
      const question = canonicalJson(callOf(command as AwsCommand));
      const answer = answers.get(question) ?? aws.send(command);
      answers.set(question, answer);
      return (await answer) as Output;
    },
  };
}

const nameOf = (command: AwsCommand): string => {
  const { service, operation } = callOf(command);
  return `${service}:${operation}`;
};
