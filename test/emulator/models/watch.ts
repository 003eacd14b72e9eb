import { Client, Command } from '@smithy/core/client';
import { isChanges } from '../../../functions/plan/change';
import type { Aws, AwsCommand, Plan, Rule } from '../../../rules/rule';
import { judgeAmended, judgeAnswer, judgeInput, takeProblems, trust } from './judge';
import { judgeMocks } from './mocks';

type Sent = { readonly input: object };
type Send = (this: unknown, command: Sent, ...rest: readonly unknown[]) => unknown;
type Handler = (...words: readonly unknown[]) => Promise<{ readonly output: object }>;
type Resolve = (this: Sent, ...words: readonly unknown[]) => Handler;

// Each client of the SDK sends by this.
const client = Client.prototype as unknown as { send: Send };
const { send } = client;
client.send = function (command, ...rest) {
  judgeInput(command);
  return send.call(this, command, ...rest);
};

// And by this what a command of our own sends in its place.
const command = Command.prototype as unknown as { resolveMiddlewareWithContext: Resolve };
const { resolveMiddlewareWithContext: resolve } = command;
command.resolveMiddlewareWithContext = function (...words) {
  judgeAmended(this);
  const handler = resolve.call(this, ...words);
  return async (...given) => {
    const answer = await handler(...given);
    trust(answer.output);
    return answer;
  };
};

// A test may hand a rule an AWS of its own, which no client knows of.
jest.mock('../../../rules/rule', () => {
  const actual = jest.requireActual<typeof import('../../../rules/rule')>('../../../rules/rule');
  return { ...actual, defineRule: (rule: Rule) => actual.defineRule(withJudgedAws(rule)) };
});

function withJudgedAws(rule: Rule): Rule {
  const { inspect, list, plan, revertOwnPart } = rule;
  return {
    ...rule,
    inspect: (resource, aws, ...read) => inspect.call(rule, resource, judged(aws), ...read),
    plan: (...given) => judgedPlan(plan.call(rule, ...given)),
    ...(revertOwnPart && { revertOwnPart: (...given) => judgedCommands(revertOwnPart.call(rule, ...given)) }),
    ...(list && { list: (place, aws) => list.call(rule, place, judged(aws)) }),
  };
}

/** Not every plan is carried out. */
function judgedPlan(plan: Plan): Plan {
  if (isChanges(plan))
    judgedCommands(
      plan.flatMap((change) => ('undo' in change && change.undo !== 'revert-own-part' ? [change.do, change.undo] : [change.do])),
    );
  return plan;
}

function judgedCommands<Commands extends readonly AwsCommand[] | undefined>(commands: Commands): Commands {
  for (const command of commands ?? []) judgeInput(command);
  return commands;
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
