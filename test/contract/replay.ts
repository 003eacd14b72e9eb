import type { Aws, AwsCommand } from '../../rules/rule';

/** AWS with the answers of before, each changed by the name of its command. */
export type Replaying = (changed: (command: string, answer: unknown) => unknown) => Aws;

/** Keeps what is answered, to give it again as it was or as it would be otherwise: that costs no call of the emulator. */
export function recorder(aws: Aws) {
  const answers = new Map<string, Promise<unknown>>();
  const keyOf = (command: AwsCommand<unknown>): string => `${command.constructor.name} ${JSON.stringify(command.input)}`;

  const recording: Aws = {
    send(command) {
      const answer = aws.send(command);
      answers.set(keyOf(command), answer);
      return answer;
    },
  };
  /** What was never asked before is asked of AWS. */
  const replaying: Replaying = (changed) => ({
    async send<Output>(command: AwsCommand<Output>) {
      const answer = await (answers.get(keyOf(command)) ?? aws.send(command));
      return changed(command.constructor.name, answer) as Output;
    },
  });
  return { recording, replaying };
}
