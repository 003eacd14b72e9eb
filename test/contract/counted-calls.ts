import { appendFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Call, callOf } from '../../functions/aws/call';
import type { Rule } from '../../rules/rule';

/** The AWS calls of the rule's own in one fix: those before its first change, its changes, and those to see what came of them. */
export interface CountedFix {
  readonly rule: string;
  /** The name of the starting state. */
  readonly violation: string;
  readonly reads: number;
  readonly writes: number;
  readonly readBack: number;
}

export function countFix(rule: Rule, violation: string, calls: readonly Call[]): CountedFix {
  const changes = new Set(rule.commands.map((Command) => nameOf(callOf(new Command({})))));
  const names = calls.map(nameOf);
  const first = names.findIndex((name) => changes.has(name));
  const reads = first < 0 ? names.length : first;
  const writes = names.filter((name) => changes.has(name)).length;
  return { rule: rule.id, violation, reads, writes, readBack: names.length - reads - writes };
}

const nameOf = ({ service, operation }: Call): string => `${service}:${operation}`;

/** Leaves the count to the benchmark, if it is that which runs the tests. */
export function noteFix(counted: CountedFix): void {
  const folder = process.env.POSTURE_COUNT_CALLS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  appendFileSync(path.join(folder, `${counted.rule}.jsonl`), `${JSON.stringify(counted)}\n`);
}

/** What the tests have left in the folder. */
export function notedFixes(folder: string): readonly CountedFix[] {
  const lines = readdirSync(folder).flatMap((file) => readFileSync(path.join(folder, file), 'utf8').trimEnd().split('\n'));
  return lines.map((line) => JSON.parse(line) as CountedFix);
}
