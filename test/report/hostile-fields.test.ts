import { hashJson } from '../../functions/canonical-json';
import { loadRules } from '../../functions/catalogue/catalogue';
import type { LogEvent } from '../../functions/log/event';
import { itemOf } from '../../functions/log/item';
import { readItem } from '../../functions/log/read-item';
import { recordOf } from '../../functions/log/record';
import { parseTrail } from '../../functions/log/trail';
import { collect } from '../../functions/report/collect';
import { formatNames, reportIn } from '../../functions/report/formats';
import { numbersOf } from '../../functions/report/numbers/numbers';
import { trailsOf } from '../history/events';
import { generate } from '../history/generate';
import { reportedRules } from './pages';

const from = new Date('2026-01-01T00:00:00Z');
const until = from.getTime() + 30 * 86_400_000;
const scripts = [...generate({ seed: 5, events: 120, days: 30, from, rules: reportedRules })];
const [honest, ...others] = scripts.filter(({ rule }) => rule !== 'posture').map((script) => ({ script, trails: trailsOf(script) }));
const known = loadRules().map(({ rule }) => rule);

/** The trail of a function with its last outcome's fields replaced, hashed as its writer can. */
function written(change: object) {
  if (!honest) throw new Error('The history is empty.');
  const own = honest.trails.find(({ trail }) => trail.by === 'rule');
  if (!own) throw new Error('The function wrote nothing.');
  const key = `${own.trail.rule}/${own.trail.remediation}`;
  let previous: LogEvent | undefined;
  const read = own.events.map((event) => {
    const { hash: _, ...fields } = { ...event, ...(event.outcome !== undefined && change), previous: previous?.hash ?? '' } as LogEvent;
    previous = { ...fields, hash: hashJson(fields) };
    return readItem(itemOf(previous, key));
  });
  const trail = parseTrail(key);
  if (!trail) throw new Error(`${key} is no trail.`);
  return {
    trail,
    events: read.flatMap((one) => ('event' in one ? [one.event] : [])),
    forged: read.flatMap((one) => ('forged' in one ? [one.forged] : [])),
  };
}

async function report(change: object) {
  const records = [
    ...(honest
      ? [
          recordOf(honest.script, [
            written(change),
            ...honest.trails.filter(({ trail }) => trail.by !== 'rule').map((one) => ({ ...one, forged: [] })),
          ]),
        ]
      : []),
    ...others.map(({ script, trails }) =>
      recordOf(
        script,
        trails.map((one) => ({ ...one, forged: [] })),
      ),
    ),
  ];
  const { integrity, ...read } = await collect(records, { until, severityOf: () => 'high' });
  const controlsOf = (id: string) => known.find((one) => one.id === id)?.detectedBy.securityHub ?? [];
  const numbers = numbersOf({ ...read, span: { since: from.getTime(), until }, controlsOf });
  const log = 'arn:aws:dynamodb:eu-west-1:123456789012:table/posture-log';
  const made = { numbers, integrity, scope: 'all accounts', made: until, version: '0.1.0', log };
  return { integrity, read, texts: Object.fromEntries(formatNames.map((name) => [name, [...reportIn(name, made)].join('')])) };
}

const fields = ['outcome', 'code', 'until', 'owner', 'times', 'deadline', 'occurrence'] as const;
const values = [
  null,
  5,
  true,
  '',
  'toString',
  '<script>alert(1)</script>',
  [],
  [null],
  {},
  { as: 5, at: 5 },
  { as: {}, at: {} },
  { as: '<b>', at: '<b>' },
];
const times = [
  '1970-01-01T00:00:00.000Z',
  '2099-01-01T00:00:00.000Z',
  '+275760-09-13T00:00:00.000Z',
  '-271821-04-20T00:00:00.000Z',
  'x',
  5,
];

const cases: readonly (readonly [string, object])[] = [
  ...fields.flatMap((field) => values.map((value) => [`${field} ${JSON.stringify(value)}`, { [field]: value }] as const)),
  ...times.flatMap((time) => [
    [
      `times ${time}`,
      { times: Object.fromEntries(['occurred', 'detected', 'received', 'decided', 'applied', 'verified'].map((name) => [name, time])) },
    ] as const,
    [`deadline ${time}`, { deadline: { at: time, action: 'remind' } }] as const,
    [`until ${time}`, { until: time }] as const,
    [`time ${time}`, { time }] as const,
  ]),
];

const ownName = honest?.script.remediation;
let unharmed: object;
beforeAll(async () => {
  unharmed = (await report({})).read.facts.filter(({ remediation }) => remediation !== ownName);
});

it.each(cases)('a function of a rule that logs %s spoils no report of others', async (_, change) => {
  const { texts, read } = await report(change);
  expect(read.facts.filter(({ remediation }) => remediation !== ownName)).toEqual(unharmed);
  for (const text of Object.values(texts)) expect(text).not.toMatch(/NaN|\[object Object\]/);
  expect(texts.html).not.toContain('<script');
});

it.each([{ outcome: 'toString' }, { outcome: 'cured' }, { occurrence: { as: 'hearsay' } }])(
  'a report names what it leaves out: %j',
  async (change) => {
    const { integrity, read, texts } = await report(change);
    const [[name, value] = []] = Object.entries(change);
    const shown = typeof value === 'string' ? value : value?.as;
    expect(integrity.broken.map(({ why }) => why)).toContainEqual(expect.stringContaining(`The ${name} of event`));
    expect(texts.html).toContain(shown);
    expect(read.facts.some(({ remediation }) => remediation === ownName)).toBe(false);
  },
);

it.each([{ owner: 5 }, { times: 'x' }, { deadline: { at: 5 } }, { occurrence: null }, { until: {} }])(
  'a record is forged that has %j',
  (change) => {
    const [field = ''] = Object.keys(change);
    expect(written(change).forged.map(({ why }) => why)).toContainEqual(expect.stringContaining(`Its ${field} is `));
  },
);
