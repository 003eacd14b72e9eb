import type { AwsStub } from 'aws-sdk-client-mock';
import { judgeAnswer, judgeInput } from './judge';

// biome-ignore lint/suspicious/noExplicitAny: a mock of any client.
type Mock = Pick<AwsStub<any, any, any>, 'calls'>;

const mocks: Mock[] = [];
const judged = new WeakSet<object>();

/** Has what a mock is sent, and what it answers, judged after each test. */
export function watchMock(mock: Mock): void {
  mocks.push(mock);
}

export async function judgeMocks(): Promise<void> {
  for (const { args, returnValue } of mocks.flatMap((mock) => mock.calls())) {
    const [command] = args as [{ readonly input: object }];
    if (judged.has(command)) continue;
    judged.add(command);
    judgeInput(command);
    await Promise.resolve(returnValue).then(
      (answer) => judgeAnswer(command, answer),
      () => undefined,
    );
  }
}
