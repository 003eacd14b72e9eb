import { DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { defineRule, notFound } from '../rule';
import { describeTable, listing, listTables } from './table/describe';
import { table, tables } from './table/resource';

/** `status`: the table status that prevents a change, if the table is not protected. */
type State = { readonly isProtected: boolean; readonly status?: string };

export default defineRule({
  id: 'dynamodb-table-deletion-protected',
  title: 'DynamoDB tables have deletion protection enabled',
  why: 'A single call deletes a table and all its items, and without a backup they cannot be restored.',
  impact: 'Deleting the table fails until deletion protection is disabled, also for a stack or script. Deletion protection has no cost.',
  severity: 'medium',
  risk: 'safe',
  resource: table,
  independentUndo: true,
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
    if (status === 'CREATING' || status === 'UPDATING')
      return { blocked: `The table is ${status}. DynamoDB accepts changes when it is ACTIVE.`, code: 'being-modified' };
    if (status !== undefined)
      return {
        unfixable: `The table is ${status}, and DynamoDB rejects changes until that is resolved.`,
        code: 'not-available',
      };
    return [{ do: protection(id, true), undo: protection(id, false) }];
  },

  list: listTables,
});

const protection = (TableName: string, DeletionProtectionEnabled: boolean) =>
  new UpdateTableCommand({ TableName, DeletionProtectionEnabled });
