import path from 'node:path';
import { parseArgs } from 'node:util';
import { loadRules } from '../../functions/catalogue/catalogue';
import { printPrices } from '../price/print';
import { type Burst, measureBursts } from './burst/burst';
import { printBurst } from './burst/print-burst';
import { callsOfRules, complaints } from './calls-of-rules';
import { countCalls } from './count-calls';
import { measurePeers, peerOf } from './peers';
import { print } from './print';
import { printCalls } from './print-calls';
import { printPeers } from './print-peers';
import { benchReports } from './reports';
import { measureSample } from './sample';
import { timeSynths, timeTyped } from './synth';
import { printTimelines } from './timeline';

const folder = path.resolve(__dirname, '../../build/bench');

/** Those of weeks ago last: the changes of other things are the latest then. */
const bursts: readonly Burst[] = [
  { source: 'AWS Config', changed: 'recently' },
  { source: 'Security Hub', changed: 'recently' },
  { source: 'AWS Config', changed: 'weeks ago' },
];

/**
 * `npm run bench [-- --calls] [--rule ID] [--repetitions N] [--json]`: what a fix takes. Of every rule the calls, in its tests; of one rule a
 * service writes, bytes and milliseconds, in the emulator; and the synth. With `--calls` the calls alone.
 * `-- --prices [--write]`: the prices alone, which with `--write` become those of the documentation.
 * `-- --burst [--buckets N] [--processes N]`: many fixes in one account and Region with AWS's quotas in force.
 * `-- --report [--events N]`: what queries of the log and reports read and take, over a generated year.
 * `-- --timeline`: the calls of a fix of S3.5 in the order in which they begin, and what runs together.
 * `-- --peer NAME=COMMAND`: beside other programs, which whoever runs it has installed; may be repeated. The command finds the name of the
 * bucket in `BUCKET`, the finding in `EVENT`, and the credentials and the endpoint where the SDKs and the AWS CLI read them.
 * A broken bar fails it.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      calls: { type: 'boolean', default: false },
      rule: { type: 'string', multiple: true },
      repetitions: { type: 'string', default: '3' },
      json: { type: 'boolean', default: false },
      prices: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      burst: { type: 'boolean', default: false },
      timeline: { type: 'boolean', default: false },
      report: { type: 'boolean', default: false },
      events: { type: 'string', default: '200000' },
      buckets: { type: 'string', default: '1000' },
      processes: { type: 'string', default: '4' },
      peer: { type: 'string', multiple: true },
    },
  });
  if (values.prices) return printPrices(values.write);
  if (values.timeline) {
    if (await printTimelines()) process.exitCode = 1;
    return;
  }
  if (values.report) return benchReports(Number(values.events));
  if (values.peer) return printPeers(await measurePeers(values.peer.map(peerOf), Number(values.repetitions)));
  if (values.burst) {
    await measureBursts(bursts, { buckets: Number(values.buckets), processes: Number(values.processes) }, printBurst);
    return;
  }
  const entries = loadRules();
  const chosen = entries.filter(({ rule }) => values.rule?.includes(rule.id) ?? true);
  const repetitions = Number(values.repetitions);

  const calls = callsOfRules(await countCalls(chosen, path.join(folder, 'calls')));
  const uncounted = chosen.map(({ rule }) => rule.id).filter((id) => !calls.some(({ rule }) => rule === id));
  if (!values.json) printCalls(calls, uncounted);
  if (complaints(calls).length > 0) process.exitCode = 1;

  const sample = values.calls ? { measures: [], bytes: [] } : await measureSample(chosen, { folder, repetitions, sparse: !values.rule });
  const synths = values.calls || values.rule ? [] : await timeSynths(entries, path.join(folder, 'synth'));
  const typed = values.calls || values.rule ? undefined : await timeTyped(path.join(folder, 'typed'));
  if (values.json) console.log(JSON.stringify({ calls, ...sample, synths, typed }, null, 2));
  else if (sample.measures.length > 0 && print(sample.measures, { ...sample, synths, typed }).length > 0) process.exitCode = 1;
  if (!values.calls && !values.rule && !values.json) await printPrices(values.write);
}

void main();
