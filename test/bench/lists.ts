import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DeployedTables } from '../../functions/cli/central/deployed-tables';
import { withDetails } from '../../functions/cli/log/details';
import { answer, askedBy, type Filters } from '../../functions/cli/log/log-question';
import { people } from '../history/lives';
import type { Script } from '../history/script';
import type { HistoryTable, Usage } from '../history/table';

/** The first page of a list. */
export interface MeasuredList extends Usage {
  readonly name: string;
  readonly milliseconds: number;
  readonly rows: number;
  /** The time up to which the page is complete, if it did not fill. */
  readonly searchedTo?: string;
}

/** The first pages of the lists of `posture log`, with all that their rows show. */
export async function measureLists(table: HistoryTable, endpoint: string, scripts: readonly Script[]): Promise<readonly MeasuredList[]> {
  const dynamo = new DynamoDBClient({ endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  const tables = { dynamo, log: 'posture-log' } as DeployedTables;
  const measured: MeasuredList[] = [];
  for (const [name, filters] of listsOf(scripts)) {
    const before = { ...table.usage };
    const started = performance.now();
    const { entries, searchedTo } = await answer(tables, askedBy(filters), { limit: 50 });
    await withDetails(tables, entries);
    const milliseconds = performance.now() - started;
    const used = Object.fromEntries(Object.entries(table.usage).map(([key, value]) => [key, value - before[key as keyof Usage]]));
    measured.push({
      ...(used as unknown as Usage),
      name,
      milliseconds,
      rows: entries.length,
      ...(searchedTo !== undefined && { searchedTo }),
    });
  }
  return measured;
}

const listsOf = (scripts: readonly Script[]): readonly (readonly [name: string, filters: Filters & { readonly steps?: boolean }])[] => {
  const [sample] = scripts.filter(({ source }) => source === 'security-hub');
  if (!sample) throw new Error('The history is empty.');
  const { account, rule, resource, finding, detectedBy: control } = sample;
  const [actor = ''] = people;
  return [
    ['all accounts', {}],
    ['all accounts, with steps', { steps: true }],
    ['account', { account }],
    ['rule', { rule }],
    ['resource', { resource }],
    ['finding', { finding }],
    ['control', { control }],
    ['actor', { actor }],
    ...(['fixed', 'failed', 'disputed'] as const).map((outcome) => [`outcome ${outcome}`, { outcome }] as const),
    ...(['approved', 'verified', 'reverted'] as const).map((kind) => [`kind ${kind}`, { kind }] as const),
    ...(['critical', 'high', 'low'] as const).map((severity) => [`severity ${severity}`, { severity }] as const),
    ...(['FSBP', 'CIS3.0'] as const).map((standard) => [`standard ${standard}`, { standard }] as const),
    ...(['config', 'sweep', 'guardduty'] as const).map((source) => [`source ${source}`, { source }] as const),
    ['account and outcome', { account, outcome: 'failed' }],
    ['account and severity', { account, severity: 'critical' }],
    ['standard and outcome', { standard: 'CIS3.0', outcome: 'failed' }],
    ['severity and kind', { severity: 'critical', kind: 'reverted' }],
    ['actor and account', { actor, account }],
  ];
};
