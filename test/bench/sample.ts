import path from 'node:path';
import type { CatalogueEntry } from '../../functions/catalogue/catalogue';
import type { Policy } from '../../functions/policy/policy';
import { fixing } from '../demo/policies';
import { silent } from '../demo/print/show';
import { setStage } from '../demo/stage';
import { bundleBare } from './bare-bundle';
import { seedFaults } from './cases';
import { type Measure, measure } from './measure';

export interface Sample {
  readonly measures: readonly Measure[];
  /** Of the bundles of all rules. */
  readonly bytes: readonly number[];
}

/** A resource is broken and fixed here more often than a policy should stand. */
const policy: Policy = { ...fixing, driftLoops: { fixes: 100, days: 1 } };

/** Measures those of the rules of which the demo has a violation; only the first of a service where `sparse`. */
export async function measureSample(
  entries: readonly CatalogueEntry[],
  { folder, repetitions, sparse }: { readonly folder: string; readonly repetitions: number; readonly sparse: boolean },
): Promise<Sample> {
  const closing: (() => Promise<void>)[] = [];
  try {
    const { account, gateway, deployment } = await setStage(policy, silent, closing);
    const faults = await seedFaults(account, gateway.past, deployment.routes);
    const seeded = entries.filter(({ rule }) => faults.some((fault) => fault.rule.id === rule.id));
    const chosen = sparse ? seeded.filter(({ service }, index) => seeded.findIndex((one) => one.service === service) === index) : seeded;
    const bareFolders = await bundleBare(chosen, path.join(folder, 'bare'));
    const bench = { account, gateway, deployment, bareFolders, repetitions };
    const inTurn = faults.filter(({ rule }) => chosen.some((entry) => entry.rule.id === rule.id));
    const measures: Measure[] = [];
    // The emulator loads each service at its first call.
    if (inTurn[0]) await measure(inTurn[0], { ...bench, repetitions: 1 });
    for (const fault of inTurn) {
      measures.push(await measure(fault, bench));
      process.stderr.write('.');
    }
    return { measures, bytes: [...deployment.functions.values()].map(({ bytes }) => bytes) };
  } finally {
    for (const stop of closing.toReversed()) await stop();
  }
}
