import { DescribeTableCommand, DynamoDBClient, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { Unable } from '../failure';
import type { Caller } from './caller';

/** The DynamoDB tables in the central account. */
export interface DeployedTables {
  readonly dynamo: DynamoDBClient;
  readonly log: string;
  readonly orders: string;
  readonly coordination: string;
}

const variables = { log: 'POSTURE_LOG_TABLE', orders: 'POSTURE_ORDERS_TABLE', coordination: 'POSTURE_COORDINATION_TABLE' } as const;

/** The tables; throws an Unable if a needed one does not exist. */
export async function openTables(caller: Caller, needed: readonly (keyof typeof variables)[]): Promise<DeployedTables> {
  const { region, credentials } = caller;
  const dynamo = new DynamoDBClient({ region, credentials, retryMode: 'adaptive', maxAttempts: 6 });
  const log = process.env[variables.log] || 'posture-log';
  const orders = process.env[variables.orders] || 'posture-orders';
  const coordination = process.env[variables.coordination] || 'posture-coordination';
  await Promise.all(needed.map((one) => expectTable(one, { log, orders, coordination }[one])));
  return { dynamo, log, orders, coordination };

  async function expectTable(one: keyof typeof variables, TableName: string): Promise<void> {
    try {
      await dynamo.send(new DescribeTableCommand({ TableName }));
    } catch (error) {
      if (error instanceof ResourceNotFoundException) {
        throw new Unable(
          `The ${one} table ${TableName} does not exist in account ${caller.account}, ${region}. Deploy the stack Posture there (\`npx cdk deploy --all\`), or specify another place with --region or --profile, or another table name with ${variables[one]}.`,
        );
      }
      // A caller without permission to describe a table may still be allowed to use it.
      if (!(error instanceof Error && error.name === 'AccessDeniedException')) throw error;
    }
  }
}
