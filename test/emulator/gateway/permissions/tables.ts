import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { assumeRole, ownerRole } from '../../account';
import type { KeysOf } from '../quotas/touched-items';
import type { PartitionKeyOf } from './need';
import { listed, type Statement } from './statement';

export type Tables = ReturnType<typeof readTables>;

/** The keys and the policies of the tables that DynamoDB of the emulator holds; each read once, until they are forgotten. */
export const readTables = (emulator: string) => {
  /** The names of the key attributes, the partition key first. */
  const keys = new Map<string, readonly string[]>();
  const policies = new Map<string, readonly Statement[]>();

  const asOwner = async <Result>(account: string, region: string, ask: (client: DynamoDBClient) => Promise<Result>): Promise<Result> => {
    // Seldom needed, and slow to load.
    const { DynamoDBClient: Client } = await import('@aws-sdk/client-dynamodb');
    const credentials = await assumeRole({ url: emulator }, `arn:aws:iam::${account}:role/${ownerRole}`, region);
    const client = new Client({ endpoint: emulator, region, credentials });
    try {
      return await ask(client);
    } finally {
      client.destroy();
    }
  };

  const fetchedKeys = async (account: string, region: string, TableName: string): Promise<readonly string[] | undefined> => {
    const { DescribeTableCommand, ResourceNotFoundException } = await import('@aws-sdk/client-dynamodb');
    return asOwner(account, region, async (client) => {
      try {
        const { Table } = await client.send(new DescribeTableCommand({ TableName }));
        return Table?.KeySchema?.toSorted((one) => (one.KeyType === 'HASH' ? -1 : 1)).flatMap(({ AttributeName }) => AttributeName ?? []);
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
      }
    });
  };

  const fetchedPolicy = async (account: string, region: string, ResourceArn: string): Promise<readonly Statement[]> => {
    const { GetResourcePolicyCommand, PolicyNotFoundException, ResourceNotFoundException } = await import('@aws-sdk/client-dynamodb');
    return asOwner(account, region, async (client) => {
      try {
        const { Policy } = await client.send(new GetResourcePolicyCommand({ ResourceArn }));
        return listed((JSON.parse(Policy ?? '{}') as { Statement?: Statement | readonly Statement[] }).Statement);
      } catch (error) {
        if (error instanceof PolicyNotFoundException || error instanceof ResourceNotFoundException) return [];
        throw error;
      }
    });
  };

  const name = (account: string, region: string, table: string) => `${account} ${region} ${table}`;

  return {
    /** Reads the keys of the tables, for `keysOf`, and tells the partition key of each. */
    async of(account: string, region: string, tables: readonly string[]): Promise<PartitionKeyOf> {
      for (const table of tables) {
        const found = keys.get(name(account, region, table)) ?? (await fetchedKeys(account, region, table));
        if (found !== undefined) keys.set(name(account, region, table), found);
      }
      return (table) => keys.get(name(account, region, table))?.[0];
    },
    keysOf:
      (account: string, region: string): KeysOf =>
      (table) =>
        keys.get(name(account, region, table)) ?? [],
    /** The statements of the policy of a table, or of the table of an index; none of anything else. */
    async policyOf(arn: string | undefined): Promise<readonly Statement[]> {
      const [table, region = '', account = ''] = /^arn:[^:]+:dynamodb:([^:]+):(\d{12}):table\/[^/]+/.exec(arn ?? '') ?? [];
      if (table === undefined) return [];
      const statements = policies.get(table) ?? (await fetchedPolicy(account, region, table));
      policies.set(table, statements);
      return statements;
    },
    forgetPolicies: () => policies.clear(),
  };
};
