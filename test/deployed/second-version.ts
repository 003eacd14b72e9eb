import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Json } from '../../rules/rule';

/** The index and the statement that the second version adds to the table of the log. */
export const added = { index: 'by-second-version', attribute: 'secondVersion', sid: 'SecondVersion' } as const;

interface TableProperties {
  readonly TableName: string;
  readonly GlobalSecondaryIndexes: Json[];
  readonly AttributeDefinitions: Json[];
  readonly ResourcePolicy: { readonly PolicyDocument: { readonly Statement: Record<string, Json>[] } };
}

/** Turns a synthesized app into its next version: the log has one index more, and its policy one statement more. */
export function becomeSecondVersion(assembly: string): void {
  const file = path.join(assembly, 'Posture.template.json');
  const before = readFileSync(file, 'utf8');
  const template = JSON.parse(before) as { Resources: Record<string, { Type: string; Properties: TableProperties }> };
  const log = Object.values(template.Resources).find(
    ({ Type, Properties }) => Type === 'AWS::DynamoDB::Table' && Properties.TableName === 'posture-log',
  );
  if (!log) throw new Error('The template has no table posture-log.');
  const { GlobalSecondaryIndexes, AttributeDefinitions, ResourcePolicy } = log.Properties;
  GlobalSecondaryIndexes.push({
    IndexName: added.index,
    KeySchema: [{ AttributeName: added.attribute, KeyType: 'HASH' }],
    Projection: { ProjectionType: 'KEYS_ONLY' },
  });
  AttributeDefinitions.push({ AttributeName: added.attribute, AttributeType: 'S' });
  const { Statement } = ResourcePolicy.PolicyDocument;
  const [first] = Statement;
  Statement.push({ ...first, Sid: added.sid, Action: 'dynamodb:RestoreTableToPointInTime' });
  const after = JSON.stringify(template);
  writeFileSync(file, after);
  rename(assembly, hashOf(assembly), createHash('sha256').update(after).digest('hex'));
}

/** The CDK uploads a template under a hash, and takes what has been uploaded for the same. */
function rename(assembly: string, before: string, after: string): void {
  for (const name of ['Posture.assets.json', 'manifest.json']) {
    const file = path.join(assembly, name);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(before, after));
  }
}

function hashOf(assembly: string): string {
  const { files } = JSON.parse(readFileSync(path.join(assembly, 'Posture.assets.json'), 'utf8')) as {
    readonly files: Readonly<Record<string, { readonly source: { readonly path: string } }>>;
  };
  const found = Object.entries(files).find(([, { source }]) => source.path === 'Posture.template.json');
  if (!found) throw new Error('The template of Posture is no asset.');
  return found[0];
}
