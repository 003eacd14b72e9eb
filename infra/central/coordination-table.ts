import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { names } from '../names';

/** Leases and turns: what workers agree on, forgotten by itself. */
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
    reason: 'Leases last minutes. One that came back with a restored table would hold up a resource that nobody works on.',
  });
  return table;
}
