import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { roleArn } from '../arn';
import { names, ownNames } from '../names';
import { retainedTable } from './retained-table';
import { type Administrators, administeredBy, alterations, denial, insertion, ownTableArn } from './table-policy';

/**
 * Which misconfiguration has which ticket. Retained when the stack is deleted, like the tickets themselves: a new deployment goes on with them.
 * A record with a ticket never expires. `others`: the functions that write items of their own beside that of tickets.
 */
export function ticketsTable(scope: Construct, administrators: Administrators, others: readonly string[]): Table {
  return retainedTable(scope, 'Table', names.tickets.table, protection(administrators, others));
}

function protection(administrators: Administrators, others: readonly string[]): PolicyStatement[] {
  const table = ownTableArn(names.tickets.table);
  const [breakGlass = ''] = administrators;
  return [
    denial('OnlyTicketsWrites', [...alterations, insertion], table, {
      ArnNotLike: { 'aws:PrincipalArn': [...['tickets', ...others].map((one) => roleArn(ownNames(one).functionRole)), breakGlass] },
    }),
    administeredBy(administrators, table),
  ];
}
