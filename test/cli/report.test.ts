import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BatchWriteItemCommand, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { putSealed } from '../../functions/coordination/sealed';
import { itemOf } from '../../functions/log/item';
import type { Account } from '../emulator/account';
import { useEmulator } from '../emulator/use';
import { trailsOf } from '../history/events';
import { spotsOf, stoodIn, tally } from '../history/expected';
import { generate } from '../history/generate';
import { reportedRules } from '../report/pages';
import { createTables, environmentOf } from './central';
import { usePosture } from './posture';

const emulator = useEmulator();
const posture = usePosture();

const from = new Date('2026-03-01T00:00:00Z');
const scripts = [...generate({ seed: 5, events: 150, from, days: 31, rules: reportedRules.slice(0, 6), accounts: 2, hostile: 0.3 })];
const march = { since: from.getTime(), until: Date.parse('2026-03-31T23:59:59.999Z') };
const period = ['--since', '2026-03-01', '--until', '2026-03-31'];
const folder = mkdtempSync(path.join(tmpdir(), 'posture-report-'));
let account: Account;
let env: ReturnType<typeof environmentOf>;

beforeAll(async () => {
  account = await emulator.account();
  env = environmentOf(account);
  await createTables(account);
  const client = account.client(DynamoDBClient);
  const items = scripts.flatMap(trailsOf).flatMap(({ key, events }) => events.map((event) => itemOf(event, key)));
  for (let start = 0; start < items.length; start += 25) {
    const requests = items.slice(start, start + 25).map((Item) => ({ PutRequest: { Item } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { 'posture-log': requests } }));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Document {
  readonly remediations: number;
  readonly all: { readonly found: number; readonly counts: Readonly<Record<string, number>> };
  readonly integrity: { readonly events: number; readonly broken: readonly { readonly why: string }[] };
  readonly byAccount: readonly { readonly key: string }[];
}

const documentOf = async (...more: readonly string[]): Promise<Document> => {
  const { stdout, stderr, code } = await posture(['report', ...period, '--format', 'json', ...more], env);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Document;
};

const nonzero = (counts: Readonly<Record<string, number>>) => Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));

describe('posture report', () => {
  it('reports on all accounts what the log holds of the period', async () => {
    const spots = spotsOf(stoodIn(scripts, march));
    const { remediations, all } = await documentOf();
    expect(remediations).toBe(spots.flatMap((spot) => spot.all).length);
    expect(nonzero(all.counts)).toEqual(tally(spots.map(({ counts }) => counts.group)));
  });

  it('reports on one account', async () => {
    const [one = ''] = scripts.filter(({ rule }) => rule !== 'posture').map((script) => script.account);
    const spots = spotsOf(
      stoodIn(
        scripts.filter((script) => script.account === one),
        march,
      ),
    );
    const { all, byAccount } = await documentOf('--account', one);
    expect(all.found).toBe(spots.length);
    expect(byAccount.map(({ key }) => key)).toEqual([one]);
  });

  it('reports on one owner, and says which there are', async () => {
    const spots = spotsOf(stoodIn(scripts, march)).filter(({ counts }) => counts.script.owner === 'web-team');
    expect((await documentOf('--owner', 'web-team')).all.found).toBe(spots.length);
    expect(spots.length).toBeGreaterThan(0);
    const { code, stderr } = await posture(['report', ...period, '--owner', 'nobody'], env);
    expect(code).toBe(1);
    expect(stderr).toMatch(/names no owner "nobody"\. It names .*"web-team"/);
  });

  it('reports on a part of the period, with what began before it', async () => {
    const week = { since: Date.parse('2026-03-10T00:00:00Z'), until: Date.parse('2026-03-16T23:59:59.999Z') };
    const { stdout } = await posture(['report', '--since', '2026-03-10', '--until', '2026-03-16', '--json'], env);
    const { all } = JSON.parse(stdout) as Document;
    expect(nonzero(all.counts)).toEqual(tally(spotsOf(stoodIn(scripts, week)).map(({ counts }) => counts.group)));
  });

  it('writes one line for each remediation, which no spreadsheet takes for a formula', async () => {
    const { stdout } = await posture(['report', ...period, '--format', 'csv'], env);
    const lines = stdout.trim().split('\r\n');
    expect(lines).toHaveLength(stoodIn(scripts, march).length + 1);
    // But for the account, which stays a text.
    expect(lines[1]).toMatch(/,"=""\d{12}""",/);
    expect(stdout).not.toMatch(/(^|,)"(?!=""\d{12}""",)[=+@-]/m);
  });

  it('writes a page to a file, and says so', async () => {
    const file = path.join(folder, 'march.html');
    const { stdout, stderr, code } = await posture(['report', ...period, '--out', file], env);
    expect([code, stdout, stderr]).toEqual([0, '', `The report is in ${file}.\n`]);
    expect(readFileSync(file, 'utf8')).toMatch(/^<!doctype html>[\s\S]*All hash chains that were read are intact[\s\S]*<\/html>\n$/);
  });

  it('names the newest seal of the archive, which it did not verify; without a record of it, none', async () => {
    const out = path.join(folder, 'sealed.html');
    const page = async () => {
      await posture(['report', ...period, '--out', out], env);
      return readFileSync(out, 'utf8');
    };
    expect(await page()).toContain('This report was made without the seals of the archive.');
    const dynamo = account.client(DynamoDBClient);
    const sealed = { at: '2026-04-01T00:20:05.000Z', number: 412, sealedAt: '2026-04-01T00:20:04.000Z', hash: 'f'.repeat(64) };
    await putSealed(dynamo, 'posture-coordination', sealed);
    const text = await page();
    expect(text).toContain(
      `the newest is seal 412 of 2026-04-01T00:20:04.000Z, with the hash ${'f'.repeat(64)}. This report did not verify it.`,
    );
    expect(text).not.toContain('made without the seals');
  });

  it('refuses a period that ends before it begins, and two formats', async () => {
    expect((await posture(['report', '--since', '2026-03-02', '--until', '2026-03-01'], env)).stderr).toContain(
      '--since is later than --until',
    );
    expect((await posture(['report', '--json', '--format', 'csv'], env)).stderr).toContain("can't be combined");
  });

  it('leaves out what was altered, says so, and fails', async () => {
    const [trail] = scripts.flatMap(trailsOf).filter(({ trail: { by }, events }) => by === 'rule' && events.length > 1);
    await account.client(DynamoDBClient).send(
      new UpdateItemCommand({
        TableName: 'posture-log',
        Key: { trail: { S: trail?.key ?? '' }, sequence: { N: '1' } },
        UpdateExpression: 'SET reason = :lie',
        ExpressionAttributeValues: { ':lie': { S: 'Nothing happened.' } },
      }),
    );
    const { stdout, stderr, code } = await posture(['report', ...period, '--json'], env);
    expect(code).toBe(1);
    expect(stderr).toContain('Hash chains with errors: 1; forged records: 0.');
    expect((JSON.parse(stdout) as Document).integrity.broken).toEqual([
      { remediation: `${trail?.trail.rule}/${trail?.trail.remediation}`, why: expect.stringContaining('was altered') },
    ]);
  });
});
