import { CreateTableCommand, type CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import type { World } from '../../contract/scenario';

/** Makes a table, on demand if nothing else is said; its name. */
export const newTable =
  (input: Partial<CreateTableCommandInput> = {}) =>
  async (world: World): Promise<string> => {
    const TableName = `orders-${Math.random().toString(36).slice(2)}`;
    await world.send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        ...(!input.ProvisionedThroughput && { BillingMode: 'PAY_PER_REQUEST' }),
        ...input,
      }),
    );
    return TableName;
  };
