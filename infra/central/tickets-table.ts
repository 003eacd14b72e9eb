import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyDocument, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { roleArn } from '../arn';
import { names, ownNames } from '../names';
import { type Administrators, administeredBy, alterations, denial, insertion, ownTableArn } from './table-policy';

/**
 * Which misconfiguration has which ticket. Retained when the stack is deleted, like the tickets themselves: a new deployment goes on with them.
 * A record with a ticket never expires.
 */
export function ticketsTable(scope: Construct, administrators: Administrators): Table {
  return new Table(scope, 'Table', {
    tableName: names.tickets.table,
    partitionKey: { name: 'key', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.DEFAULT,
    timeToLiveAttribute: 'forget',
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
    resourcePolicy: new PolicyDocument({ statements: protection(administrators) }),
  });
}

function protection(administrators: Administrators): PolicyStatement[] {
  const table = ownTableArn(names.tickets.table);
  const [breakGlass = ''] = administrators;
  return [
    denial('OnlyTicketsWrites', [...alterations, insertion], table, {
      ArnNotLike: { 'aws:PrincipalArn': [roleArn(ownNames('tickets').functionRole), breakGlass] },
    }),
    administeredBy(administrators, table),
  ];
}
