import { DescribeTableCommand, DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { amend } from '../../rules/amendment';
import { observedClient } from './observed-client';

const answer = async () => ({ response: { statusCode: 200, headers: {}, body: new TextEncoder().encode('{}') } });

it('sees what a command reads and writes by itself, and not the command that is never sent', async () => {
  const calls: string[] = [];
  const Client = observedClient(DynamoDBClient, ({ operation, input }) => calls.push(`${operation} ${JSON.stringify(input)}`));
  const client = new Client({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    requestHandler: { handle: answer },
  });
  const Protect = amend(UpdateTableCommand, async ({ TableName }: { TableName: string }, aws) => {
    await aws.send(new DescribeTableCommand({ TableName }));
    return new UpdateTableCommand({ TableName, DeletionProtectionEnabled: true });
  });
  await client.send(new Protect({ TableName: 'orders' }) as never);
  expect(calls).toEqual(['DescribeTable {"TableName":"orders"}', 'UpdateTable {"DeletionProtectionEnabled":true,"TableName":"orders"}']);
});
