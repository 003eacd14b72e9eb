import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { findChromium } from './browser';

/** As much as one can look at. */
const sliceHeight = 1500;

/** Pictures of a page, to look at: npx tsx test/report/screenshots.ts FILE.html FOLDER */
async function main(): Promise<void> {
  const [file = '', folder = '.'] = process.argv.slice(2);
  const browser = await chromium.launch({ executablePath: findChromium() ?? '', args: ['--no-sandbox'] });
  for (const [name, options] of [
    ['wide', { viewport: { width: 1280, height: 900 } }],
    ['dark', { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' as const }],
    ['narrow', { viewport: { width: 375, height: 800 } }],
  ] as const) {
    const page = await (await browser.newContext(options)).newPage();
    await page.goto(pathToFileURL(path.resolve(file)).href);
    const height = await page.evaluate<number>('document.documentElement.scrollHeight');
    const width = options.viewport.width;
    for (let y = 0, number = 1; y < height; y += sliceHeight, number += 1) {
      const clip = { x: 0, y, width, height: Math.min(sliceHeight, height - y) };
      writeFileSync(path.join(folder, `${name}-${number}.png`), await page.screenshot({ fullPage: true, clip }));
    }
  }
  const page = await browser.newPage();
  await page.goto(pathToFileURL(path.resolve(file)).href);
  writeFileSync(path.join(folder, 'print.pdf'), await page.pdf({ format: 'A4', margin: { top: '15mm', bottom: '15mm', left: '14mm', right: '14mm' } }));
  await browser.close();
}

void main();
