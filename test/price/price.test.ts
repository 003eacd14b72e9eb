import { readFileSync } from 'node:fs';
import path from 'node:path';
import { marshall } from '@aws-sdk/util-dynamodb';
import { billOf, brokenBars, documentedTable } from './bill';
import { dynamoUnits, dynamoWrites } from './dynamodb';
import { metricsIn, unitsOf, withTime } from './invocation';
import type { MeasuredUnits } from './measure';
import { dollarsByKind, dollarsOf, prices, sumOf } from './prices';

const measured = JSON.parse(readFileSync(path.join(__dirname, 'measured.json'), 'utf8')) as MeasuredUnits;
const page = (name: string) => readFileSync(path.join(__dirname, '../..', name), 'utf8');
const sum = (counts: readonly number[]) => counts.reduce((all, one) => all + one, 0);
const call = (operation: string, input: object) => ({ operation, input: input as Readonly<Record<string, unknown>> });

describe('the units of a call of DynamoDB', () => {
  const item = (bytes: number, more: object = {}) => marshall({ key: 'k', text: 'x'.repeat(bytes - 8), ...more });

  it.each([
    [1024, 1],
    [1025, 2],
    [10_000, 10],
  ])('are one for each kilobyte of an item that is put: %i bytes', (bytes, units) =>
    expect(dynamoUnits(call('PutItem', { Item: item(bytes) }))).toEqual({ writeUnit: units }),
  );

  it('are twice as many in a transaction, also for what is only looked at', () => {
    const TransactItems = [
      { Put: { Item: item(2000) } },
      { ConditionCheck: { Key: { key: { S: 'stop' } } } },
      { Update: { Key: { key: { S: 'count' } } } },
    ];
    expect(dynamoUnits(call('TransactWriteItems', { TransactItems }))).toEqual({ writeUnit: 8 });
  });

  it('are more where the item is in an index', () => {
    expect(dynamoUnits(call('PutItem', { Item: item(500, { open: 'open' }) }))).toEqual({ writeUnit: 2 });
    const event = { trail: 't', sequence: 1, time: '2026', rule: 'r', indexRemediation: 'm', reason: 'x'.repeat(1500) };
    const Statement = `INSERT INTO "posture-log" VALUE {${Object.keys(event)
      .map((name) => `'${name}': ?`)
      .join(', ')}}`;
    const given = { Statement, Parameters: Object.values(marshall(event)) };
    // Two for the item, two in the index by rule, which has the reason, and one in that by remediation, which has keys alone.
    expect(dynamoUnits(call('ExecuteStatement', given))).toEqual({ writeUnit: 5 });
    expect(dynamoUnits(call('ExecuteTransaction', { TransactStatements: [given] }))).toEqual({ writeUnit: 7 });
    expect(dynamoWrites(call('ExecuteTransaction', { TransactStatements: [given] }))).toEqual({
      ...{ 'posture-log': 4, 'posture-log by-rule': 2, 'posture-log by-remediation': 1 },
    });
  });

  it('are one for each key that is read', () => {
    const RequestItems = { a: { Keys: [{}, {}] }, b: { Keys: [{}] } };
    expect(dynamoUnits(call('BatchGetItem', { RequestItems }))).toEqual({ readUnit: 3 });
    expect(dynamoUnits(call('Query', {}))).toEqual({ readUnit: 1 });
  });

  it('have to be known', () => expect(() => dynamoUnits(call('Scan', {}))).toThrow('What Scan costs is not known'));
});

describe('the units of an invocation', () => {
  it('count what AppConfig hands out, events, and the lines of the log', () => {
    const calls = ['StartConfigurationSession', 'GetLatestConfiguration', 'PutEvents', 'Publish', 'AssumeRole'].map((operation) => ({
      ...call(operation, {}),
      service: 'any',
    }));
    expect(unitsOf({ calls: calls as never, lines: ['x'.repeat(599)] })).toEqual({
      ...{ lambdaRequest: 1, logsGigabyte: 1000 / 1e9, configurationReceived: 1, configurationRequest: 1, event: 1, message: 1 },
    });
  });

  it('have the time by the memory', () =>
    expect(withTime({ units: { lambdaRequest: 1 }, memory: 512 }, 500)).toEqual({ lambdaRequest: 1, lambdaGigabyteSecond: 0.25 }));

  it('know each metric by its name and its dimensions', () => {
    const line = (Dimensions: string[][], Rule: string) =>
      JSON.stringify({ _aws: { CloudWatchMetrics: [{ Dimensions, Metrics: [{ Name: 'Handled' }, { Name: 'Fixed' }] }] }, Rule });
    expect(metricsIn(['Processed', line([[]], 'a'), line([[]], 'b')]).size).toBe(2);
    expect(metricsIn([line([['Rule'], []], 'a'), line([['Rule'], []], 'b')]).size).toBe(6);
  });
});

describe('the bill', () => {
  it('adds up', () => {
    const units = sumOf([{ writeUnit: 2, event: 1 }, 3], [{ writeUnit: 1 }, 1]);
    expect(units).toEqual({ writeUnit: 7, event: 3 });
    expect(dollarsOf(units)).toBeCloseTo(7 * prices.writeUnit.dollars + 3 * prices.event.dollars, 12);
    expect(dollarsByKind(units)['DynamoDB writes']).toBeCloseTo(7 * prices.writeUnit.dollars, 12);
  });

  it('names a broken bar', () => {
    const dear = { units: { configurationReceived: 1 }, memory: 512 };
    const bill = billOf({ ...measured, fix: { fresh: dear, warm: dear } });
    expect(brokenBars(bill)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^A million fixes in warm functions: \$8\d\d\.\d\d, more than \$36/)]),
    );
  });

  it('has all writes of a fix by table and index', () =>
    expect(sum(Object.values(measured.writes))).toBe(measured.fix.warm.units.writeUnit));

  it('has nothing received from AppConfig', () => {
    for (const { dollars } of billOf(measured)) expect(dollars.AppConfig ?? 0).toBe(0);
  });

  it('keeps its bars', () => expect(brokenBars(billOf(measured))).toEqual([]));

  it('is that of the documentation', () => {
    const bill = billOf(measured);
    expect(page('docs/operate.md')).toContain(documentedTable(bill));
    const inIndexes = Object.entries(measured.writes).flatMap(([place, count]) => (/^posture-log ./.test(place) ? [count] : []));
    expect(page('docs/operate.md')).toContain(
      `Of the ${sum(Object.values(measured.writes))} write units of a fix, ${sum(inIndexes)} are the indexes by which the log is queried.`,
    );
    expect(page('README.md')).toContain(`a million fixes [cost about $${Math.ceil(bill[1]?.total ?? 0)}]`);
  });
});
