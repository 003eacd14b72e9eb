import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, StreamViewType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyDocument, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { allIndexes } from '../../functions/log/indexes';
import { roleArn } from '../arn';
import { names, ownNames } from '../names';
import { type Administrators, administeredBy, alterations, denial, insertion, ownTableArn } from './table-policy';

/** The audit log: append-only, retained when the stack is deleted. */
export function logTable(scope: Construct, administrators: Administrators): Table {
  const table = new Table(scope, 'Log', {
    tableName: names.log,
    partitionKey: { name: 'trail', type: AttributeType.STRING },
    sortKey: { name: 'sequence', type: AttributeType.NUMBER },
    billingMode: BillingMode.PAY_PER_REQUEST,
    // A customer managed key costs a dollar per month, and each function would need permissions for it. The key that DynamoDB owns encrypts
    // equally well, and it can't be revoked, which would make the log unreadable for auditors.
    encryption: TableEncryption.DEFAULT,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    // Each new event is archived.
    stream: StreamViewType.NEW_IMAGE,
    removalPolicy: RemovalPolicy.RETAIN,
    resourcePolicy: new PolicyDocument({ statements: protection(administrators) }),
  });
  for (const { name, attribute, holds } of allIndexes) {
    // States and changes, up to 400 KB per item, are not projected: they are read from the table.
    table.addGlobalSecondaryIndex({
      indexName: name,
      partitionKey: { name: attribute, type: AttributeType.STRING },
      sortKey: { name: 'time', type: AttributeType.STRING },
      ...(holds.length > 0
        ? { projectionType: ProjectionType.INCLUDE, nonKeyAttributes: [...holds] }
        : { projectionType: ProjectionType.KEYS_ONLY }),
    });
  }
  return table;
}

function protection(administrators: Administrators): PolicyStatement[] {
  const table = ownTableArn(names.log);
  return [
    // The only write is PartiQLInsert, which fails if the key exists.
    denial('AppendOnly', alterations, table),
    denial('OwnTrailsOnly', [insertion], table, {
      ArnNotLike: { 'aws:PrincipalArn': roleArn(ownNames('*').functionRole) },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM, for the command line of a user.
      'ForAnyValue:StringNotLike': { 'dynamodb:LeadingKeys': 'local/${aws:userid}/*' },
    }),
    // Conditions on sets of values don't apply where there is no value.
    denial('KnownTrailsOnly', [insertion], table, { Null: { 'dynamodb:LeadingKeys': 'true' } }),
    administeredBy(administrators, table),
  ];
}
