import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { indexedFields, logIndexes } from '../../functions/log/indexes';
import { names } from '../names';

/** By each of these, an item that is there could be altered or removed. Putting one in the place of another breaks the chain of hashes. */
const alterations = [
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:PartiQLUpdate',
  'dynamodb:PartiQLDelete',
  'dynamodb:UpdateTimeToLive',
];

/** The audit log: append-only, kept when the stack goes. */
export function logTable(scope: Construct): Table {
  const key = { name: 'time', type: AttributeType.STRING };
  const table = new Table(scope, 'Log', {
    tableName: names.log,
    partitionKey: { name: 'remediation', type: AttributeType.STRING },
    sortKey: { name: 'sequence', type: AttributeType.NUMBER },
    billingMode: BillingMode.PAY_PER_REQUEST,
    // A customer managed key costs a dollar a month while nothing happens, and each function would hold rights on it; the key that
    // DynamoDB owns encrypts as well. What it lacks, a key of one's own to revoke, would take the record from the auditors.
    encryption: TableEncryption.DEFAULT,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
    resourcePolicy: new PolicyDocument({
      statements: [
        new PolicyStatement({
          sid: 'AppendOnly',
          effect: Effect.DENY,
          principals: [new AnyPrincipal()],
          actions: alterations,
          // By its name: a policy inside the table can't refer to it.
          resources: [`arn:${Aws.PARTITION}:dynamodb:${Aws.REGION}:${Aws.ACCOUNT_ID}:table/${names.log}`],
        }),
      ],
    }),
  });
  for (const [attribute, indexName] of Object.entries(logIndexes)) {
    // The states and changes, up to 400 KB an item, are read from the table by the remediation: five copies would only cost.
    table.addGlobalSecondaryIndex({
      indexName,
      partitionKey: { name: attribute, type: AttributeType.STRING },
      sortKey: key,
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: [...indexedFields, 'outcome', 'code'].filter(
        (field) => ![attribute, 'time', 'remediation', 'sequence'].includes(field),
      ),
    });
  }
  return table;
}
