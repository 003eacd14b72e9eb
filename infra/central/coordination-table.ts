import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { names } from '../names';

/** Leases, permits, approvals and counters; expired items are deleted automatically. */
export function coordinationTable(scope: Construct): Table {
  const table = new Table(scope, 'Coordination', {
    tableName: names.coordination,
    partitionKey: { name: 'key', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.DEFAULT,
    timeToLiveAttribute: 'forget',
    removalPolicy: RemovalPolicy.DESTROY,
  });
  Validations.of(table).acknowledge({
    id: 'AwsSolutions-DDB3',
    reason: 'Leases last minutes. A lease in a restored table would block a resource that no worker processes.',
  });
  return table;
}
