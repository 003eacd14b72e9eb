import { writeFileSync } from 'node:fs';
import { loadRules } from '../../catalogue/catalogue';
import { forecastPage, type PossibleResult } from '../../report/html/forecast-page';
import { note } from '../print/printed';
import { versionOfThis } from '../version';
import type { Judgement } from './judgement';
import type { Skipped } from './read-entry';

const known: readonly PossibleResult[] = [
  { result: 'fix', className: 'fixed', label: 'would be fixed' },
  { result: 'ask', className: 'waiting', label: 'would ask for an approval' },
  { result: 'defer', className: 'rolled-back', label: 'would wait' },
  { result: 'observe', className: 'observed', label: 'would only be observed' },
  { result: 'skip', className: 'exempt', label: 'would be left alone' },
  { result: 'unfixable', className: 'unfixable', label: 'to fix manually' },
  { result: 'disputed', className: 'disputed', label: 'compliant by the policy, but not by the detector' },
  { result: 'error', className: 'failed', label: 'failed' },
];

/** Writes the results of a simulation as an HTML file that needs nothing else. */
export function writeSimulationPage(judgements: readonly Judgement[], unread: readonly Skipped[], file: string, now: Date): void {
  const severities = new Map(loadRules().map(({ rule }) => [rule.id, rule.severity]));
  const others = [...new Set(judgements.map(({ result }) => result))].filter((result) => known.every((one) => one.result !== result));
  const page = forecastPage({
    heading: 'Posture simulation',
    scope: 'What the policy would decide about past findings now',
    results: [...known, ...others.map((result) => ({ result, className: 'compliant', label: result.replaceAll('-', ' ') }))],
    all: judgements.map(({ rule, account, resource, result, clause, reason }) => {
      return { severity: severities.get(rule) ?? 'unknown', account, resource, rule, result, reason: `${clause}: ${reason}`, changes: [] };
    }),
    unchecked: unread.map(({ at, reason }) => [at, reason]),
    made: now.getTime(),
    version: versionOfThis(),
  });
  writeFileSync(file, page);
  note(`The simulation is in ${file}.`);
}
