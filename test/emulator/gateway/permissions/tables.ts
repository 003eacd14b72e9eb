import { assumeRole, ownerRole } from '../../account';
import type { PartitionKeyOf } from './need';

/** The partition keys of the tables that DynamoDB of the emulator holds; each read once. */
export const readTables = (emulator: string) => {
  const known = new Map<string, string>();

  const fetched = async (account: string, region: string, TableName: string): Promise<string | undefined> => {
    // Seldom needed, and slow to load.
    const { DescribeTableCommand, DynamoDBClient, ResourceNotFoundException } = await import('@aws-sdk/client-dynamodb');
    const credentials = await assumeRole({ url: emulator }, `arn:aws:iam::${account}:role/${ownerRole}`, region);
    const client = new DynamoDBClient({ endpoint: emulator, region, credentials });
    try {
      const { Table } = await client.send(new DescribeTableCommand({ TableName }));
      return Table?.KeySchema?.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    } finally {
      client.destroy();
    }
  };

  return {
    async of(account: string, region: string, tables: readonly string[]): Promise<PartitionKeyOf> {
      const name = (table: string) => `${account} ${region} ${table}`;
      for (const table of tables) {
        const key = known.get(name(table)) ?? (await fetched(account, region, table));
        if (key !== undefined) known.set(name(table), key);
      }
      return (table) => known.get(name(table));
    },
  };
};
