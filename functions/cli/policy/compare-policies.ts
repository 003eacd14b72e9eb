import type { Json } from '../../../rules/rule';
import { canonicalJson } from '../../canonical-json';
import { loadRules } from '../../catalogue/catalogue';
import { consequencesOf } from '../../decision/consequences';
import { policy } from '../../policy/policy';
import { type Difference, differences } from '../print/difference';
import { colours, print, printable } from '../print/printed';

/** How two policies differ: by setting, and in consequences. */
export interface PolicyComparison {
  readonly changes: readonly Difference[];
  /** Sentences; none if the later one is not valid for this version. */
  readonly consequences: readonly string[];
}

/** Compares two policies; undefined stands for none. */
export function comparePolicies(was: Json | undefined, is: Json | undefined): PolicyComparison {
  const [before, after] = [policy.safeParse(was), policy.safeParse(is)];
  const rules = loadRules().map(({ rule }) => rule);
  const changes = differences(was, is);
  const told = after.success && changes.length > 0 ? consequencesOf(before.data, after.data, rules).sentences : [];
  return { changes, consequences: told };
}

export function printComparison({ changes, consequences }: PolicyComparison): void {
  for (const { path, was, is } of changes) print(`${printable(path || 'the policy')}: ${shown(was)} -> ${shown(is)}`);
  if (consequences.length === 0) return;
  print(colours().bold('Consequences:'));
  for (const one of consequences) print(`  ${printable(one)}`);
}

const shown = (value: Json | undefined): string => (value === undefined ? 'nothing' : printable(canonicalJson(value)));
