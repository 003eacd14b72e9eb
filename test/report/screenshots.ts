import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { findChromium } from './browser';
import { generatedPage } from './pages';

/** As much as one can look at. */
const sliceHeight = 1500;

const views = [
  ['wide', { viewport: { width: 1280, height: 900 } }],
  ['dark', { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' }],
  ['narrow', { viewport: { width: 375, height: 800 } }],
] as const;

/** Pictures of a report to look at, in pieces, and its print: npx tsx test/report/screenshots.ts FOLDER [FILE.html]; else of a generated one. */
async function main(): Promise<void> {
  const [folder = 'build/report', given] = process.argv.slice(2);
  mkdirSync(folder, { recursive: true });
  const file = path.resolve(given ?? path.join(folder, 'report.html'));
  if (given === undefined) writeFileSync(file, await generatedPage({ seed: 3, events: 4000, days: 91, hostile: 0.05 }));
  const browser = await chromium.launch({ executablePath: findChromium() ?? '', args: ['--no-sandbox'] });
  for (const [name, options] of views) {
    const page = await (await browser.newContext(options)).newPage();
    await page.goto(pathToFileURL(file).href);
    const height = await page.evaluate<number>('document.documentElement.scrollHeight');
    const { width } = options.viewport;
    for (let y = 0, number = 1; y < height; y += sliceHeight, number += 1) {
      const clip = { x: 0, y, width, height: Math.min(sliceHeight, height - y) };
      writeFileSync(path.join(folder, `${name}-${number}.png`), await page.screenshot({ fullPage: true, clip }));
    }
  }
  const page = await browser.newPage();
  await page.goto(pathToFileURL(file).href);
  const margin = { top: '15mm', bottom: '15mm', left: '14mm', right: '14mm' };
  writeFileSync(path.join(folder, 'print.pdf'), await page.pdf({ format: 'A4', margin }));
  await browser.close();
}

void main();
