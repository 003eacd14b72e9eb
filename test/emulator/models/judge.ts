import { serviceIn } from '../../../functions/aws/call';
import { type Direction, problemsIn } from './problems';

const problems = new Set<string>();
/** What the emulator answered: where that is wrong, nothing here can mend it. */
const emulated = new WeakSet<object>();

/** Notes what AWS would refuse of the input of a command. */
export function judgeInput(command: { readonly input: object }): void {
  if (!isOwn(command)) note(command, 'input', command.input);
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

function note(command: object, direction: Direction, value: unknown): void {
  const { schema } = command as { readonly schema?: readonly unknown[] };
  if (globalThis.awsModels === undefined || schema === undefined) return;
  const [namespace, operation] = schema.slice(1, 3).map(String);
  const service = serviceIn(namespace ?? '');
  const model = globalThis.awsModels(service);
  const found = model ? problemsIn(model, operation ?? '', direction, value) : ['AWS has no such service.'];
  for (const problem of found) problems.add(`${service}:${operation}: ${problem}`);
}

/** For a test file that is about what AWS does not know yet: these problems fail no test. */
export function letPass(...expected: readonly string[]): void {
  for (const problem of expected) passing.add(problem);
}

const passing = new Set<string>();

/** The problems noted since the last time. */
export function takeProblems(): readonly string[] {
  const taken = [...problems].filter((problem) => !passing.has(problem));
  problems.clear();
  return taken;
}
