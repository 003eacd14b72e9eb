import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { type RuleSettings, type Settings, settings } from '../settings/settings';
import { expectKnown } from './choose-rules';
import { sentence, Unable } from './failure';

type Parameters = RuleSettings['parameters'];

const file = path.resolve(__dirname, '../../cdk.json');

/** What the owner has set in this clone's `cdk.json`; the defaults, where nothing is. */
export function ownerSettings(): Settings {
  const given = existsSync(file) ? readPosture() : undefined;
  const parsed = settings.safeParse(given ?? {});
  if (parsed.success) return parsed.data;
  throw new Unable(`The settings in ${file}, under context.posture, do not fit:\n${z.prettifyError(parsed.error)}`);
}

/** Given to the rules: those of the owner's settings, and over them those of `--parameters`, which are of one rule or keyed by rule id. */
export function parametersBy(option: string | undefined, rules: readonly string[], owner: Settings): (rule: string) => Parameters {
  const own = (rule: string) => (owner.rules[rule]?.parameters ?? {}) as Parameters;
  if (option === undefined) return own;
  const given = readObject(option);
  const [only] = rules;
  if (rules.length === 1 && only && !Object.hasOwn(given, only)) return (rule) => ({ ...own(rule), ...(rule === only ? given : {}) });
  for (const [rule, value] of Object.entries(given)) {
    expectKnown('rule', rule, rules, `With several rules, --parameters is keyed by rule id: {"${only}": {...}}; or choose one with --rule`);
    if (!isObject(value)) throw new Unable(`The parameters of ${rule} are no JSON object.`);
  }
  return (rule) => ({ ...own(rule), ...(given[rule] as Parameters | undefined) });
}

function readPosture(): unknown {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { context?: { posture?: unknown } }).context?.posture;
  } catch (error) {
    throw new Unable(`${file} can't be read: ${sentence(error)}`);
  }
}

function readObject(text: string): Parameters {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {}
  throw new Unable(`--parameters is no JSON object: ${sentence(text)}. Give one such as '{"maxAge": 45}'.`);
}

const isObject = (value: unknown): value is Parameters => typeof value === 'object' && value !== null && !Array.isArray(value);
