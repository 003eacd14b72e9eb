import type { AwsCommand } from '../../rules/rule';

type Send = (command: AwsCommand) => Promise<object>;

/** Call it at the top of a test file: answers a client's commands in the emulator's stead, or from its answer. */
export function standIn(Client: { readonly prototype: object }, answer: (command: AwsCommand, send: Send) => Promise<object>): void {
  beforeAll(() => {
    const { send } = Client.prototype as { send: Send };
    jest.spyOn(Client.prototype as { send: Send }, 'send').mockImplementation(function (this: unknown, command) {
      return answer(command, send.bind(this));
    });
  });
  afterAll(() => jest.restoreAllMocks());
}
