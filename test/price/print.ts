import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { textTable } from '../../functions/cli/print/text-table';
import { fixing } from '../demo/policies';
import { silent } from '../demo/print/show';
import { setStage } from '../demo/stage';
import { billOf, billText, brokenBars, priceText } from './bill';
import type { Writes } from './dynamodb';
import { type MeasuredUnits, measureUnits } from './measure';
import { milliseconds, pricesAsOf } from './prices';

export const measuredFile = path.join(__dirname, 'measured.json');

/** Measures, and prints the bill and the prices that it is made of. Sets the exit code if a bar is broken. */
export async function printPrices(write: boolean): Promise<void> {
  const measured = await measure();
  if (write) {
    writeFileSync(measuredFile, JSON.stringify(measured));
    execFileSync(process.execPath, [require.resolve('@biomejs/biome/bin/biome'), 'format', '--write', measuredFile]);
  }
  const bill = billOf(measured);
  console.log(priceText());
  console.log(
    `\nOn-demand prices of us-east-1 as of ${pricesAsOf}, without free tiers; ${milliseconds.fresh} ms in a new process, ${milliseconds.warm} ms in a warm one.\n`,
  );
  console.log(billText(bill));
  console.log(`\nWrite units of a fix, by table and index:\n${writesText(measured.writes)}`);
  console.log(`\nMetrics that were written: ${measured.metrics.join(', ')}`);
  for (const broken of brokenBars(bill)) console.error(broken);
  if (brokenBars(bill).length > 0) process.exitCode = 1;
}

const writesText = (writes: Writes): string =>
  textTable(
    ['table', 'index', 'write units'],
    Object.entries(writes)
      .toSorted()
      .map(([place, count]) => [...`${place} `.split(' ', 2), String(count)]),
  );

async function measure(): Promise<MeasuredUnits> {
  const closing: (() => Promise<void>)[] = [];
  try {
    return await measureUnits(await setStage(fixing, silent, closing));
  } finally {
    for (const stop of closing.toReversed()) await stop();
  }
}
