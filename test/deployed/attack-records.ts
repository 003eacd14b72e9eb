import { deepStrictEqual as equal, match } from 'node:assert';
import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  ExecuteStatementCommand,
  PutItemCommand,
  PutResourcePolicyCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { names } from '../../infra/names';
import { newUser } from './operator';
import { place } from './place';
import type { Stage } from './stage';

const everything = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });

/** What an administrator of the account can do to the records, who is neither a function of the app nor its deployment. */
export async function attackRecords({ checks }: Stage): Promise<void> {
  const { account, region } = place;
  console.log('An administrator who attacks the records');
  const credentials = await newUser(new IAMClient({}), 'admin', everything);
  const admin = new DynamoDBClient({ credentials });
  const lambda = new LambdaClient({ credentials });
  const { UserId = '' } = await new STSClient({ credentials }).send(new GetCallerIdentityCommand({}));
  const key = { trail: { S: 's3-bucket-tls-required/01K0' }, sequence: { N: '1' } };
  const insert = (trail: string) =>
    new ExecuteStatementCommand({
      Statement: `INSERT INTO "${names.log}" VALUE {'trail': ?, 'sequence': ?}`,
      Parameters: [{ S: trail }, { N: '1' }],
    });
  const refused = async (work: Promise<unknown>) => equal(await work.then(() => 'done', nameOf), 'AccessDeniedException');

  await checks.check('can not put, alter or delete a record of the log', async () => {
    await refused(admin.send(new PutItemCommand({ TableName: names.log, Item: key })));
    await refused(admin.send(new UpdateItemCommand({ TableName: names.log, Key: key })));
    await refused(admin.send(new DeleteItemCommand({ TableName: names.log, Key: key })));
  });
  await checks.check('can insert below the own user id alone, and each record once', async () => {
    for (const trail of ['s3-bucket-tls-required/01K0', 'control/s3-bucket-tls-required/01K0', 'local/AIDAOTHER/a/01K0'])
      await refused(admin.send(insert(trail)));
    await admin.send(insert(`local/${UserId}/s3-bucket-tls-required/01K0`));
    equal(await admin.send(insert(`local/${UserId}/s3-bucket-tls-required/01K0`)).then(() => 'done', nameOf), 'DuplicateItemException');
  });
  await checks.check('can not order, resume, or approve by an item', async () => {
    for (const order of ['stop', 'approval s3-bucket-tls-required 01K0', 'rollback s3-bucket-tls-required 01K0']) {
      const item: Record<string, AttributeValue> = { key: { S: order } };
      await refused(admin.send(new PutItemCommand({ TableName: names.orders, Item: item })));
      await refused(admin.send(new DeleteItemCommand({ TableName: names.orders, Key: item })));
    }
  });
  await checks.check('can not take the policy of a table away', async () => {
    for (const table of [names.log, names.orders]) {
      const ResourceArn = `arn:aws:dynamodb:${region}:${account}:table/${table}`;
      await refused(admin.send(new PutResourcePolicyCommand({ ResourceArn, Policy: everything })));
    }
  });
  await checks.check('can not speak for an operator by invoking the control function itself', async () => {
    const iam = { userArn: `arn:aws:iam::${account}:user/on-call`, accountId: account };
    const event = {
      requestContext: { authorizer: { iam } },
      body: JSON.stringify({ order: 'stop', why: 'Forged.' }),
      isBase64Encoded: false,
    };
    const { FunctionError, Payload } = await lambda.send(
      new InvokeCommand({ FunctionName: 'posture-control', Payload: Buffer.from(JSON.stringify(event)) }),
    );
    equal(FunctionError !== undefined, true);
    match(Buffer.from(Payload ?? []).toString(), /not a valid request/);
  });
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : String(error));
