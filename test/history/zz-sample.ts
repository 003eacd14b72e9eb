import { writeFileSync } from 'node:fs';
import { loadRules } from '/work/wt/report/functions/catalogue/catalogue';
import { recordOf } from '/work/wt/report/functions/log/record';
import { collect } from '/work/wt/report/functions/report/collect';
import { reportPage } from '/work/wt/report/functions/report/html/page';
import { numbersOf } from '/work/wt/report/functions/report/numbers/numbers';
import { trailsOf } from '/work/wt/report/test/history/events';
import { generate } from '/work/wt/report/test/history/generate';

void (async () => {
  const all = loadRules().map(({ rule }) => rule);
  const rules = all.filter(({ detectedBy: d }) => d.securityHub.length + d.config.length > 0);
  const span = { since: Date.parse('2026-04-01'), until: Date.parse('2026-07-01') - 1 };
  const records = [
    ...generate({ seed: 3, events: Number(process.argv[2] ?? 6000), from: new Date('2026-01-01'), days: 365, rules, hostile: 0.05 }),
  ]
    .filter(({ moments }) => moments.some(({ at }) => at >= span.since && at <= span.until))
    .map((s) =>
      recordOf(
        s,
        trailsOf(s).map(({ trail, events }) => ({ trail, events, forged: [] })),
      ),
    );
  const c = await collect(records, { until: span.until, severityOf: (id) => all.find((r) => r.id === id)?.severity ?? 'unknown' });
  const numbers = numbersOf({ ...c, span, controlsOf: (id) => all.find((r) => r.id === id)?.detectedBy.securityHub ?? [] });
  const page = reportPage({ numbers, integrity: c.integrity, scope: 'all accounts', made: Date.now(), version: '0.1.0' });
  writeFileSync(process.argv[3] ?? '/tmp/report.html', page);
  console.log(page.length, c.facts.length);
})();
