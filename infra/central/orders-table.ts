import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { roleArn } from '../arn';
import { names, ownNames } from '../names';
import { retainedTable } from './retained-table';
import { type Administrators, administeredBy, alterations, denial, insertion, ownTableArn } from './table-policy';

/** What people said: stops, approvals, rollback requests, holds, closed breakers; and the copy of the policy. Retained when the stack is deleted, so that a stop survives. */
export function ordersTable(scope: Construct, administrators: Administrators): Table {
  return retainedTable(scope, 'Orders', names.orders, protection(administrators));
}

function protection(administrators: Administrators): PolicyStatement[] {
  const table = ownTableArn(names.orders);
  const [breakGlass = ''] = administrators;
  return [
    denial('OnlyControlWrites', [...alterations, insertion], table, {
      ArnNotLike: { 'aws:PrincipalArn': [roleArn(ownNames('control').functionRole), breakGlass] },
    }),
    administeredBy(administrators, table),
  ];
}
