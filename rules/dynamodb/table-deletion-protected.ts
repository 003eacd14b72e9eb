import { DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { defineRule, notFound } from '../rule';
import { describeTable, listing, listTables } from './table/describe';
import { table, tables } from './table/resource';

/** `status`: why the table takes no change now, where it is not protected. */
type State = { readonly isProtected: boolean; readonly status?: string };

export default defineRule({
  id: 'dynamodb-table-deletion-protected',
  title: 'DynamoDB tables can not be deleted by mistake',
  why: 'One call deletes a table with all its items, and without a backup nothing brings them back.',
  impact:
    'Deleting the table is refused until somebody turns the protection off, also where a stack or a script does it. It costs nothing.',
  severity: 'medium',
  risk: 'safe',
  resource: table,
  property: 'DeletionProtectionEnabled',
  detectedBy: { securityHub: ['DynamoDB.6'], config: ['dynamodb-table-deletion-protection-enabled'] },
  permissions: {
    inspect: [{ actions: ['dynamodb:DescribeTable'], on: tables }, listing],
    change: { actions: ['dynamodb:UpdateTable'], on: tables },
  },
  clients: [DynamoDBClient],
  commands: [UpdateTableCommand],
  settle: 60,

  async inspect({ id }, aws): Promise<State | typeof notFound> {
    const found = await describeTable(id, aws);
    if (!found) return notFound;
    const { DeletionProtectionEnabled: isProtected = false, TableStatus: status = 'unknown' } = found;
    return { isProtected, ...(!isProtected && status !== 'ACTIVE' && { status }) };
  },

  plan({ id }, { isProtected, status }) {
    if (isProtected) return [];
    if (status === 'CREATING' || status === 'UPDATING') return { blocked: `The table is ${status}, and takes changes when it is ACTIVE.` };
    if (status !== undefined)
      return {
        unfixable: `The table is ${status}, and DynamoDB changes nothing about it until somebody has put that right.`,
        code: 'not-available',
      };
    return [{ do: protection(id, true), undo: protection(id, false) }];
  },

  list: listTables,
});

const protection = (TableName: string, DeletionProtectionEnabled: boolean) =>
  new UpdateTableCommand({ TableName, DeletionProtectionEnabled });
