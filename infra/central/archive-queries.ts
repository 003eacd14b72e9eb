import { Aws } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { names } from '../names';
import { type ColumnType, hiveType, logColumns } from './archive-tables';
import { type RuleOfQuery, savedQueries } from './saved-queries';

export interface QueriesProps {
  readonly archive: Bucket;
  readonly results: Bucket;
  readonly rules: readonly RuleOfQuery[];
}

/** The most that a query may read: at $5 a terabyte, 25 cents. */
const maxBytes = 50_000_000_000;

/** The archive as tables of Athena, with the questions of auditors. What it costs is what a query reads. */
export function archiveQueries(scope: Construct, { archive, results, rules }: QueriesProps): void {
  tables(scope, archive);
  const workGroup = new CfnWorkGroup(scope, 'WorkGroup', {
    name: names.archive,
    description: 'Queries of the archive of the log.',
    recursiveDeleteOption: true,
    workGroupConfiguration: {
      enforceWorkGroupConfiguration: true,
      publishCloudWatchMetricsEnabled: false,
      bytesScannedCutoffPerQuery: maxBytes,
      engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
      resultConfiguration: { outputLocation: results.s3UrlForObject(), encryptionConfiguration: { encryptionOption: 'SSE_S3' } },
    },
  });
  for (const [index, { name, description, sql }] of savedQueries(rules).entries()) {
    const saved = { name, description, queryString: sql, database: names.archive, workGroup: names.archive };
    new CfnNamedQuery(scope, `Query${index + 1}`, saved).addResourceDependency(workGroup);
  }
}

function tables(scope: Construct, archive: Bucket): void {
  const database = new CfnDatabase(scope, 'Database', {
    catalogId: Aws.ACCOUNT_ID,
    databaseInput: { name: names.archive, description: 'The archive of the log of the posture remediator.' },
  });
  const location = archive.s3UrlForObject('log/');
  const made = [
    table('log', 'The events. An event can be in two batches, after a retry.', logColumns, {
      serializationLibrary: 'org.openx.data.jsonserde.JsonSerDe',
      // A line that is not ours must not keep the others from being read.
      parameters: { 'case.insensitive': 'TRUE', 'ignore.malformed.json': 'TRUE' },
    }),
    table(
      'lines',
      'The whole lines, for json_extract.',
      { line: 'string' },
      {
        serializationLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
        // Canonical JSON escapes it, so it is in no line.
        parameters: { 'field.delim': '\u0001' },
      },
    ),
  ];
  for (const tableInput of made) {
    const of = { catalogId: Aws.ACCOUNT_ID, databaseName: names.archive, tableInput };
    new CfnTable(scope, `Table-${tableInput.name}`, of).addResourceDependency(database);
  }

  function table(
    name: string,
    description: string,
    columns: Readonly<Record<string, ColumnType>>,
    serdeInfo: CfnTable.SerdeInfoProperty,
  ): CfnTable.TableInputProperty {
    return {
      name,
      description,
      tableType: 'EXTERNAL_TABLE',
      parameters: {
        EXTERNAL: 'TRUE',
        // Athena derives the partitions: there is nothing to crawl.
        'projection.enabled': 'true',
        'projection.day.type': 'date',
        'projection.day.format': 'yyyy-MM-dd',
        'projection.day.range': '2026-01-01,NOW',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a placeholder of Athena.
        'storage.location.template': `${location}day=${'${day}'}/`,
      },
      partitionKeys: [{ name: 'day', type: 'string', comment: 'The UTC day on which the event was archived.' }],
      storageDescriptor: {
        location,
        inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
        outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
        columns: Object.entries(columns).map(([column, type]) => ({ name: column, type: hiveType(type) })),
        serdeInfo,
      },
    };
  }
}
