import { Client } from '@smithy/core/client';
import type { Aws, Rule } from '../../../rules/rule';
import { judgeAnswer, judgeInput, takeProblems, trust } from './judge';
import { judgeMocks } from './mocks';

type Send = (this: unknown, command: { readonly input: object }, ...rest: readonly unknown[]) => Promise<object>;

// Each client of the SDK sends by this.
const client = Client.prototype as unknown as { send: Send };
const { send } = client;
client.send = async function (command, ...rest) {
  judgeInput(command);
  const answer = await send.call(this, command, ...rest);
  trust(answer);
  return answer;
};

// A test may hand a rule an AWS of its own, which no client knows of.
jest.mock('../../../rules/rule', () => {
  const actual = jest.requireActual<typeof import('../../../rules/rule')>('../../../rules/rule');
  return { ...actual, defineRule: (rule: Rule) => actual.defineRule(withJudgedAws(rule)) };
});

function withJudgedAws(rule: Rule): Rule {
  const { inspect, list } = rule;
  return {
    ...rule,
    inspect: (resource, aws, parameters) => inspect.call(rule, resource, judged(aws), parameters),
    ...(list && { list: (place, aws) => list.call(rule, place, judged(aws)) }),
  };
}

const judged = (aws: Aws): Aws => ({
  async send(command) {
    judgeInput(command);
    const answer = await aws.send(command);
    judgeAnswer(command, answer);
    return answer;
  },
});

const maxShown = 10;

beforeAll(() => {
  if (globalThis.awsModels || process.env.POSTURE_EMULATOR_ERROR) return;
  throw new Error("POSTURE_AWS_MODELS has to name the folder of botocore's models where POSTURE_EMULATOR names a running emulator.");
});

afterEach(async () => {
  await judgeMocks();
  const problems = takeProblems();
  if (problems.length === 0) return;
  const more = problems.length > maxShown ? [`And ${problems.length - maxShown} more.`] : [];
  throw new Error(`Against AWS's own models of its APIs:\n${[...problems.slice(0, maxShown), ...more].join('\n')}`);
});
