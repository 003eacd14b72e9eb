import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { indexedFields, logIndexes } from '../../functions/log/indexes';
import { names } from '../names';

/** Each of these actions could alter or delete an item. Replacing an item with PutItem breaks the hash chain. */
const alterations = [
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:PartiQLUpdate',
  'dynamodb:PartiQLDelete',
  'dynamodb:UpdateTimeToLive',
];

/** The audit log: append-only, retained when the stack is deleted. */
export function logTable(scope: Construct): Table {
  const key = { name: 'time', type: AttributeType.STRING };
  const table = new Table(scope, 'Log', {
    tableName: names.log,
    partitionKey: { name: 'remediation', type: AttributeType.STRING },
    sortKey: { name: 'sequence', type: AttributeType.NUMBER },
    billingMode: BillingMode.PAY_PER_REQUEST,
    // A customer managed key costs a dollar per month, and each function would need permissions for it. The key that DynamoDB owns encrypts
    // equally well, and it can't be revoked, which would make the log unreadable for auditors.
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
          // By name: the policy is part of the table and can't refer to it.
          resources: [`arn:${Aws.PARTITION}:dynamodb:${Aws.REGION}:${Aws.ACCOUNT_ID}:table/${names.log}`],
        }),
      ],
    }),
  });
  for (const [attribute, indexName] of Object.entries(logIndexes)) {
    // States and changes, up to 400 KB per item, are not projected: they are read from the table.
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
