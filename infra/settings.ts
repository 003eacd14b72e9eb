import * as z from 'zod';
import type { CatalogueEntry } from '../functions/catalogue/catalogue';
import { nearest } from '../functions/catalogue/nearest';
import { readParameters } from '../functions/settings/parameters';
import { type Settings, settings } from '../functions/settings/settings';

/** The owner's settings do not fit; the message says what to do about it. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

const place = 'the settings of this deployment (`cdk.json`, under `context.posture`)';

/** The owner's settings, defaults filled in. Throws a SettingsError that names every fault: an unknown rule, a mode or parameter that does not fit. */
export function readSettings(given: unknown, entries: readonly CatalogueEntry[]): Settings {
  const parsed = settings.safeParse(typeof given === 'string' ? fromText(given) : (given ?? {}));
  if (!parsed.success) throw new SettingsError(`What is wrong in ${place}:\n${z.prettifyError(parsed.error)}`);
  const faults = Object.entries(parsed.data.rules).flatMap(([id, { mode, parameters }]) => {
    const entry = entries.find(({ rule }) => rule.id === id);
    if (!entry) return [unknownRule(id, entries)];
    // A parameter without a default may wait until the rule is to fix something.
    if (mode !== 'fix' && Object.keys(parameters).length === 0) return [];
    const read = readParameters(entry.rule, parameters);
    return 'problem' in read ? [read.problem] : [];
  });
  if (faults.length > 0) throw new SettingsError(`What is wrong in ${place}:\n${faults.map((fault) => `✖ ${fault}`).join('\n')}`);
  return parsed.data;
}

/** `cdk --context posture='{"defaultMode":"fix"}'` gives text. */
function fromText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SettingsError(`What is wrong in ${place}: it is the text ${JSON.stringify(text.slice(0, 200))}, which is not JSON.`, {
      cause,
    });
  }
}

function unknownRule(id: string, entries: readonly CatalogueEntry[]): string {
  const known = entries.map(({ rule }) => rule.id);
  const near = nearest(id, known);
  return `There is no rule ${JSON.stringify(id)}. ${near ? `Did you mean ${near}?` : `The rules are ${known.join(', ')}.`}`;
}
