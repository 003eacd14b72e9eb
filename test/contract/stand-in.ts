import type { AwsCommand } from '../../rules/rule';
import { judgeAnswer, judgeInput } from '../emulator/models/judge';

type Send = (command: AwsCommand) => Promise<object>;

/** Call it at the top of a test file: answers a client's commands in the emulator's stead, or from its answer. */
export function standIn<Client>(
  Class: { readonly prototype: Client },
  answer: (command: AwsCommand, send: Send, client: Client) => Promise<object>,
): void {
  beforeAll(() => {
    const prototype = Class.prototype as { send: Send };
    const { send } = prototype;
    jest.spyOn(prototype, 'send').mockImplementation(async function (this: unknown, command) {
      judgeInput(command);
      const given = await answer(command, send.bind(this), this as Client);
      judgeAnswer(command, given);
      return given;
    });
  });
  afterAll(() => jest.restoreAllMocks());
}
