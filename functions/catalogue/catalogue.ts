import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Rule } from '../../rules/rule';
import { unfilledIn } from './unfilled';

/** A rule with where it stands. */
export interface CatalogueEntry {
  readonly rule: Rule;
  /** The folder below `rules`: `s3`. */
  readonly service: string;
  /** The absolute path of its file. */
  readonly file: string;
}

/** Names of AWS hold 64 characters, and the longest that a rule's id goes into begins with `posture-function-`. */
const maxIdLength = 45;

/**
 * All rules, sorted by id: `<folder>/<service>/<name>.ts`, exactly one level deep; deeper folders hold what rules share, and
 * files directly in the folder are the contract. Throws where a file is not a finished rule whose id says its path.
 */
export function loadRules(folder: string = path.resolve(__dirname, '../../rules')): readonly CatalogueEntry[] {
  const services = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const entries = services.flatMap(({ name: service }) =>
    readdirSync(path.join(folder, service), { withFileTypes: true })
      .filter((entry) => entry.isFile() && /(?<!\.d)\.ts$/.test(entry.name))
      .map((entry) => loadRule(path.join(folder, service, entry.name), service)),
  );
  return entries.toSorted((a, b) => (a.rule.id < b.rule.id ? -1 : 1));
}

function loadRule(file: string, service: string): CatalogueEntry {
  // With a hyphen in a folder's name, two paths could make one id.
  if (!/^[a-z0-9]+$/.test(service)) {
    throw new Error(
      `${path.dirname(file)} is not a valid folder name for a service. Only lowercase letters and digits are allowed. Rename it.`,
    );
  }
  const rule = exportOf(file).default;
  const id = `${service}-${path.basename(file, '.ts')}`;
  if (typeof rule?.inspect !== 'function' || typeof rule.plan !== 'function') {
    throw new Error(
      `${file} is not a rule: its default export has no inspect and plan. Export defineRule({...}), or move it a folder deeper.`,
    );
  }
  if (rule.id !== id)
    throw new Error(`The id of the rule in ${file} is ${JSON.stringify(rule.id)}, and must be ${id}, as in its path. Change one of them.`);
  if (id.length > maxIdLength || !/^[a-z0-9]+(-[a-z0-9]+)+$/.test(id)) {
    throw new Error(
      `The id ${id} of the rule in ${file} is invalid: at most ${maxIdLength} lowercase letters, digits and hyphens are allowed. Rename it.`,
    );
  }
  const unfilled = unfilledIn(rule);
  if (unfilled.length > 0) {
    throw new Error(
      `The rule in ${file} is not finished. ${unfilled.join('; ')}. Complete the placeholders of npm run rule:new, or delete the file.`,
    );
  }
  return { rule: rule as Rule, service, file };
}

function exportOf(file: string): { readonly default?: Partial<Rule> } {
  try {
    return require(file);
  } catch (cause) {
    const [, client] = /Cannot find (?:module|package) '(@aws-sdk\/client-[a-z0-9-]+)/.exec(String(cause)) ?? [];
    if (client === undefined) throw cause;
    throw new Error(`The rule in ${file} needs ${client}, which is not installed. Add it: npm install --save-exact ${client}`, { cause });
  }
}
