import path from 'node:path';
import { parseArgs } from 'node:util';
import { loadRules } from '../../functions/catalogue/catalogue';
import { bundle } from '../../infra/bundle';
import { silent } from '../demo/print/show';
import { setStage } from '../demo/stage';
import { bundleBare } from './bare-bundle';
import { seedFaults } from './cases';
import { type Measure, measure } from './measure';
import { print } from './print';
import { timeSynths } from './synth';

const folder = path.resolve(__dirname, '../../build/bench');

/** `npm run bench [-- --rule ID] [--repetitions N] [--json]`: what a fix takes, in calls, writes, bytes and milliseconds. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rule: { type: 'string', multiple: true },
      repetitions: { type: 'string', default: '3' },
      json: { type: 'boolean', default: false },
    },
  });
  const entries = loadRules();
  const bytes = new Map([...(await bundle(entries, path.join(folder, 'functions')))].map(([id, made]) => [id, made.bytes]));
  const bareFolders = await bundleBare(entries, path.join(folder, 'bare'));
  const closing: (() => Promise<void>)[] = [];
  try {
    const { account, gateway, deployment } = await setStage(silent, closing);
    const faults = await seedFaults(account, gateway.past, deployment.routes);
    const measures: Measure[] = [];
    const chosen = faults.filter(({ rule }) => values.rule?.includes(rule.id) ?? true);
    const bench = { account, gateway, deployment, bareFolders, bytes, repetitions: Number(values.repetitions) };
    // The emulator loads each service at its first call.
    if (chosen[0]) await measure(chosen[0], { ...bench, repetitions: 1 });
    for (const fault of chosen) {
      measures.push(await measure(fault, bench));
      if (!values.json) process.stderr.write('.');
    }
    const synths = values.rule ? [] : await timeSynths(entries, path.join(folder, 'synth'));
    if (values.json) console.log(JSON.stringify({ measures, synths }, null, 2));
    else print(measures, synths);
    const unmeasured = entries
      .filter(({ rule }) => !values.rule && !measures.some((one) => one.rule === rule.id))
      .map(({ rule }) => rule.id);
    if (unmeasured.length > 0) console.error(`Not measured, as test/demo/account has no violation of them: ${unmeasured.join(', ')}`);
  } finally {
    for (const stop of closing.toReversed()) await stop();
  }
}

void main();
