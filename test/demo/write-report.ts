import { writeFileSync } from 'node:fs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { loadRules } from '../../functions/catalogue/catalogue';
import { note } from '../../functions/cli/print/printed';
import { versionOfThis } from '../../functions/cli/version';
import { days } from '../../functions/duration';
import { reportPage } from '../../functions/report/html/page';
import { makeReport } from '../../functions/report/make-report';
import type { Stage } from './stage';

/** Writes the report of the log as it stands, as `posture report` does. */
export async function writeReport({ account, deployment }: Pick<Stage, 'account' | 'deployment'>, file: string): Promise<void> {
  const now = new Date();
  const span = { since: now.getTime() - days(1), until: now.getTime() };
  const dynamo = account.client(DynamoDBClient);
  const rules = loadRules().map(({ rule }) => rule);
  const log = `arn:aws:dynamodb:${account.region}:${account.account}:table/${deployment.logTable}`;
  const report = await makeReport({ span }, { dynamo, table: deployment.logTable, log, rules, now, version: versionOfThis() });
  writeFileSync(file, reportPage(report));
  note(`The report is in ${file}.`);
}
