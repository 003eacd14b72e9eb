import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { forecastPage } from '../../functions/report/html/forecast-page';
import { findChromium } from './browser';
import { generatedPage } from './pages';

const folder = mkdtempSync(path.join(tmpdir(), 'report-'));
const file = path.join(folder, 'report.html');
/** To look at after a run. */
const pictures = path.join(__dirname, '../../build/report');
const empty = path.join(folder, 'empty.html');
const forecast = path.join(folder, 'forecast.html');
const large = path.join(folder, 'large.html');
let page: string;

beforeAll(async () => {
  page = await generatedPage({ seed: 7, events: 3000, days: 90, hostile: 0.2 });
  writeFileSync(file, page);
  const rule = 's3-bucket-versioning-enabled';
  const all = ['<img src=x onerror=alert(1)>', 'arn:aws:s3:::records'].flatMap((resource) =>
    ['high', 'low'].map((severity) => ({
      severity,
      account: '111122223333',
      resource,
      rule,
      result: 'a',
      reason: resource,
      changes: [resource],
    })),
  );
  const results = [{ result: 'a', className: 'fixed', label: 'would change' }];
  const unchecked = [['<b>', 'Access denied.']] as const;
  writeFileSync(forecast, forecastPage({ heading: 'Posture plan', scope: 'all', results, all, unchecked, made: 0, version: '1' }));
  writeFileSync(large, await generatedPage({ seed: 10, events: 22_000, days: 90, hostile: 0.1 }));
  writeFileSync(empty, await generatedPage({ seed: 7, events: 0, days: 90 }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the page of a report', () => {
  it('allows its own style sheet and nothing else', () => {
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(page).toContain(`default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`);
    expect(page).not.toMatch(/ style="|<script|<img|<link|<iframe|<object/i);
    expect(page.match(/\b(?:href|src)="[^#"][^"]*"/g)).toBeNull();
  });

  it('has no character that nobody could see', () => {
    expect(page.match(/[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu)).toBeNull();
    expect(page).toContain('reversed-\\u{202e}gnp.exe');
  });
});

describe('the page of a quarter with 10,000 remediations', () => {
  it('is a file that mails and browsers take, and says where the rest of each long table is', () => {
    const text = readFileSync(large, 'utf8');
    const [, remediations = ''] = /handled in ([\d,]+) remediations/.exec(text) ?? [];
    expect(Number(remediations.replace(',', ''))).toBeGreaterThan(10_000);
    expect(Buffer.byteLength(text)).toBeLessThan(3_000_000);
    const shown = [
      ...text.matchAll(/The table shows 400 of ([\d,]+) rows\. <code>posture report --format csv<\/code> writes all of them\./g),
    ];
    expect(shown.length).toBeGreaterThanOrEqual(3);
    for (const [table = ''] of text.matchAll(/<table>[\s\S]*?<\/table>/g)) expect(table.split('<tr>').length - 2).toBeLessThanOrEqual(400);
  });
});

const chromiumFile = findChromium();
const inBrowser = chromiumFile === undefined ? describe.skip : describe;
if (chromiumFile === undefined)
  console.warn(
    'NOT TESTED: the reports in a browser. There is no Chromium; install it (`apt-get install chromium`), or set POSTURE_CHROMIUM to its path.',
  );

inBrowser('the page of a report, in a browser', () => {
  let browser: Browser;
  const open = async (which: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<{ page: Page; said: string[] }> => {
    const context = await browser.newContext(options);
    const opened = await context.newPage();
    const said: string[] = [];
    opened.on('console', (message) => said.push(message.text()));
    opened.on('pageerror', (error) => said.push(String(error)));
    opened.on('dialog', (dialog) => said.push(dialog.message()));
    opened.on('request', (request) => {
      if (request.url() !== pathToFileURL(which).href) said.push(request.url());
    });
    await opened.goto(pathToFileURL(which).href);
    return { page: opened, said };
  };

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumFile ?? '', args: ['--no-sandbox'] });
  });
  afterAll(() => browser?.close());

  it.each(['light', 'dark'] as const)('has no barrier that axe finds, %s, wide and narrow', async (colorScheme) => {
    const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
    for (const [width, which] of [
      [1280, file],
      [375, file],
      [800, forecast],
      [1280, large],
      [375, large],
    ] as const) {
      // The policy of the page allows no script; only the check needs one.
      const { page: opened } = await open(which, { colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
      const found = (await opened.evaluate(`${axe}; axe.run({ resultTypes: ['violations'] })`)) as {
        violations: readonly { id: string; nodes: readonly { html: string }[] }[];
      };
      expect(found.violations.map(({ id, nodes }) => `${width}: ${id} ${nodes[0]?.html}`)).toEqual([]);
      await opened.context().close();
    }
  });

  it('asks for nothing and runs nothing, whatever the names in the log', async () => {
    for (const which of [file, empty, forecast, large]) {
      const { page: opened, said } = await open(which);
      await opened.waitForTimeout(200);
      expect(said).toEqual([]);
      await opened.context().close();
    }
  });

  it('fits its window, wide and narrow, with all evidence open', async () => {
    for (const [width, which] of [1280, 768, 360].flatMap((one) => [[one, file] as const, [one, large] as const])) {
      const { page: opened } = await open(which, { viewport: { width, height: 800 }, bypassCSP: true });
      const wide = await opened.evaluate<number>(
        "document.querySelectorAll('details').forEach((one) => { one.open = true; }); document.documentElement.scrollWidth",
      );
      expect([width, wide]).toEqual([width, width]);
      const cut = await opened.evaluate<readonly string[]>(
        "[...document.querySelectorAll('.tiles li')].filter((tile) => tile.scrollWidth > tile.clientWidth).map((tile) => tile.textContent)",
      );
      expect([width, cut]).toEqual([width, []]);
      const outside = await opened.evaluate<readonly string[]>(
        "[...document.querySelectorAll('svg')].filter((svg) => svg.getBoundingClientRect().width > 0).flatMap((svg) => { const box = svg.getBoundingClientRect(); return [...svg.querySelectorAll('text')].filter((text) => { const own = text.getBoundingClientRect(); return own.left < box.left - 2 || own.right > box.right + 2; }).map((text) => text.textContent); })",
      );
      expect([width, outside]).toEqual([width, []]);
      await opened.context().close();
    }
  });

  it('tells rows apart by whole names, and has each caption in the window, at 360 pixels', async () => {
    const { page: opened } = await open(file, { viewport: { width: 360, height: 800 }, bypassCSP: true });
    const same = await opened.evaluate<readonly string[]>(
      "[...document.querySelectorAll('svg.narrow')].flatMap((svg) => { const names = [...svg.querySelectorAll('text.name')].map((one) => one.textContent); return names.filter((name, index) => names.indexOf(name) !== index); })",
    );
    expect(same).toEqual([]);
    const names = await opened.evaluate<readonly string[]>(
      "[...document.querySelectorAll('svg.narrow text.name')].map((one) => one.textContent)",
    );
    expect(names).toEqual(expect.arrayContaining(['CIS AWS Foundations Benchmark 5.0.0', 'CIS AWS Foundations Benchmark 1.2.0']));
    expect(names.filter((name) => /^\d+…$/.test(name))).toEqual([]);
    const cut = await opened.evaluate<readonly string[]>(
      "document.querySelectorAll('details').forEach((one) => { one.open = true; }); [...document.querySelectorAll('caption span')].filter((one) => one.getBoundingClientRect().right > 360 - 18).map((one) => one.textContent)",
    );
    expect(cut).toEqual([]);
    await opened.context().close();
  });

  it('prints each table within the paper', async () => {
    // A4 without margins of 14 mm.
    const { page: opened } = await open(file, { viewport: { width: 688, height: 900 }, bypassCSP: true });
    await opened.emulateMedia({ media: 'print' });
    const cut = await opened.evaluate<readonly string[]>(
      "document.querySelectorAll('details').forEach((one) => { one.open = true; }); [...document.querySelectorAll('table')].filter((one) => one.getBoundingClientRect().right > 689).map((one) => one.querySelector('caption').textContent + ' ' + one.getBoundingClientRect().right)",
    );
    expect(cut).toEqual([]);
    await opened.context().close();
  });

  it('opens at once with 10,000 remediations, and has all of its width in a picture', async () => {
    for (const [name, width] of [
      ['wide', 1280],
      ['narrow', 375],
    ] as const) {
      const started = performance.now();
      const { page: opened } = await open(large, { viewport: { width, height: 900 } });
      const picture = await opened.screenshot({ fullPage: true });
      // A loaded machine is no bound for people; this is for what has become ten times as slow.
      expect(performance.now() - started).toBeLessThan(15_000);
      mkdirSync(pictures, { recursive: true });
      writeFileSync(path.join(pictures, `large-${name}.png`), picture);
      expect([picture.readUInt32BE(16), picture.readUInt32BE(20) > 2000]).toEqual([width, true]);
      await opened.context().close();
    }
  });

  it('prints with its evidence', async () => {
    const { page: opened } = await open(file, { bypassCSP: true });
    await opened.emulateMedia({ media: 'print' });
    const shown = await opened.evaluate<boolean>(
      "document.querySelector('details table').checkVisibility({ contentVisibilityAuto: true })",
    );
    expect(shown).toBe(true);
    expect((await opened.pdf()).length).toBeGreaterThan(20_000);
    await opened.context().close();
  });
});
