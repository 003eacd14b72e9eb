import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { openIndex } from '../../functions/coordination/keys';
import { names } from '../names';

/** Leases, open remediations, permits and counters; expired items are deleted automatically. */
export function coordinationTable(scope: Construct): Table {
  const table = new Table(scope, 'Coordination', {
    tableName: names.coordination,
    partitionKey: { name: 'key', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.DEFAULT,
    timeToLiveAttribute: 'forget',
    removalPolicy: RemovalPolicy.DESTROY,
  });
  // Sparse: only open remediations and open breakers have the attribute.
  table.addGlobalSecondaryIndex({
    indexName: openIndex.name,
    partitionKey: { name: 'open', type: AttributeType.STRING },
    sortKey: { name: 'since', type: AttributeType.STRING },
    projectionType: ProjectionType.INCLUDE,
    nonKeyAttributes: ['message', 'remediation', 'next', 'user'],
  });
  Validations.of(table).acknowledge({
    id: 'AwsSolutions-DDB3',
    reason: 'Leases last minutes. A lease in a restored table would block a resource that no worker processes.',
  });
  return table;
}
