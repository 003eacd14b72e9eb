import { serviceIn } from '../../../functions/aws/call';
import { type Direction, problemsIn } from './problems';

const problems = new Set<string>();
/** What the emulator answered: where that is wrong, nothing here can mend it. */
const emulated = new WeakSet<object>();

/** Notes what AWS would refuse of the input of a command. */
export const judgeInput = (command: { readonly input: object }): void => note(command, 'input', command.input);

/** Notes what AWS would never answer to a command, if somebody made the answer up. */
export function judgeAnswer(command: object, answer: unknown): void {
  if (typeof answer === 'object' && answer !== null && !emulated.has(answer)) note(command, 'output', answer);
}

export function trust(answer: object): void {
  emulated.add(answer);
}

function note(command: object, direction: Direction, value: unknown): void {
  const { schema } = command as { readonly schema?: readonly unknown[] };
  if (globalThis.awsModels === undefined || schema === undefined) return;
  const [, namespace, operation] = schema.map(String);
  const service = serviceIn(namespace ?? '');
  const model = globalThis.awsModels(service);
  const found = model ? problemsIn(model, operation ?? '', direction, value) : ['AWS has no such service.'];
  for (const problem of found) problems.add(`${service}:${operation}: ${problem}`);
}

/** The problems noted since the last time. */
export function takeProblems(): readonly string[] {
  const taken = [...problems];
  problems.clear();
  return taken;
}
