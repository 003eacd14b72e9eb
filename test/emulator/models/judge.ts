import { serviceIn } from '../../../functions/aws/call';
import { type Direction, problemsIn } from './problems';

const problems = new Set<string>();
/** What the emulator answered: where that is wrong, nothing here can mend it. */
const emulated = new WeakSet<object>();

/** Notes what AWS would refuse of the input of a command. */
export function judgeInput(command: { readonly input: object }): void {
  if (!isOwn(command)) note(command, 'input', command.input);
}

/** The same of what a command of our own sends in its place: it may write what it has read, of which the SDK leaves out what is no input. */
export function judgeAmended(command: { readonly input: object }): void {
  note(command, 'input', command.input, { mayHoldMore: true });
}

/** Notes what AWS would never answer to a command, if somebody made the answer up. */
export function judgeAnswer(command: object, answer: unknown): void {
  if (typeof answer === 'object' && answer !== null && !emulated.has(answer)) note(command, 'output', answer);
}

export function trust(answer: object): void {
  emulated.add(answer);
}

/** A command of our own sends others in its place, and has no name (rules/amendment.ts). */
const isOwn = (command: object): boolean => command.constructor.name === '';

function note(command: object, direction: Direction, value: unknown, options?: { readonly mayHoldMore: boolean }): void {
  const { schema } = command as { readonly schema?: readonly unknown[] };
  if (globalThis.awsModels === undefined || schema === undefined) return;
  const [namespace, operation] = schema.slice(1, 3).map(String);
  const service = serviceIn(namespace ?? '');
  const model = globalThis.awsModels(service);
  const found = model ? problemsIn(model, operation ?? '', direction, value, options) : ['AWS has no such service.'];
  for (const problem of found) problems.add(`${service}:${operation}: ${problem}`);
}

/** For a test file that is about what AWS does not know yet, or that has to take what the emulator makes: such problems fail no test. */
export function letPass(expected: string | RegExp): void {
  passing.push(expected);
}

const passing: (string | RegExp)[] = [];

const passes = (problem: string): boolean =>
  passing.some((expected) => (typeof expected === 'string' ? problem === expected : expected.test(problem)));

/** The problems noted since the last time. */
export function takeProblems(): readonly string[] {
  const taken = [...problems].filter((problem) => !passes(problem));
  problems.clear();
  return taken;
}
