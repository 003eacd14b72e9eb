import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Rule } from '../../rules/rule';
import type { Scenario } from '../contract/scenario';

const globals = globalThis as unknown as Record<string, unknown>;
const hooks = ['beforeAll', 'beforeEach', 'afterAll', 'afterEach'] as const;
const tests = ['describe', 'it', 'test'] as const;

/** Stands in for all of them, and does nothing: `it.each(rows)(name, act)`. */
const nothing: unknown = Object.assign((): unknown => nothing, { each: (): unknown => nothing });

type Hook = (act: () => void, timeout?: number) => void;
type Hooked = readonly [hook: (typeof hooks)[number], given: Parameters<Hook>];

/** The hooks of each test file, which has them only when it is loaded. */
const known = new Map<string, readonly Hooked[]>();

/**
 * The starting states of a rule, out of its test file, of which no test runs; its hooks, such as those that stand in for a service, are those of
 * the `describe` around the call. `described`: what `describeRule` was called with.
 */
export function scenarioOf(rule: Rule, described: ReadonlyMap<string, Scenario>): Scenario {
  const [, service = '', name = ''] = /^([a-z0-9]+)-(.+)$/.exec(rule.id) ?? [];
  const file = path.join(__dirname, `../rules/${service}/${name}.test.ts`);
  if (!existsSync(file)) throw new Error(`${rule.id} has no test file ${file}.`);
  const hooked = known.get(file) ?? load(file);
  known.set(file, hooked);
  for (const [hook, given] of hooked) (globals[hook] as Hook)(...given);
  const scenario = described.get(rule.id);
  if (!scenario) throw new Error(`${file} does not describe ${rule.id}.`);
  return scenario;
}

function load(file: string): readonly Hooked[] {
  const before = [...hooks, ...tests].map((name) => [name, globals[name]] as const);
  const hooked: Hooked[] = [];
  for (const name of tests) globals[name] = nothing;
  for (const name of hooks) globals[name] = (...given: Parameters<Hook>) => void hooked.push([name, given]);
  try {
    require(file);
  } finally {
    for (const [name, own] of before) globals[name] = own;
  }
  return hooked;
}
