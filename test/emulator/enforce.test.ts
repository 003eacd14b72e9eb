import { AppConfigDataClient, GetLatestConfigurationCommand, StartConfigurationSessionCommand } from '@aws-sdk/client-appconfigdata';
import {
  BatchGetItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateEventBusCommand, EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  IAMClient,
  ListUsersCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { CreateOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import {
  CreateBucketCommand,
  GetBucketEncryptionCommand,
  GetBucketVersioningCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetPublicAccessBlockCommand, S3ControlClient } from '@aws-sdk/client-s3-control';
import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { BatchUpdateFindingsCommand, BatchUpdateFindingsV2Command, SecurityHubClient } from '@aws-sdk/client-securityhub';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { policyIn } from '../policy/deployed-policy';
import { type Account, type AccountCredentials, assumeRole, functionCredentials } from './account';
import type { Statement } from './gateway/permissions/statement';
import { useEmulator } from './use';

const emulator = useEmulator();

beforeEach(() => emulator.gateway.enforce({ on: true }));
afterEach(() => emulator.gateway.enforce({ on: false }));

const trustsAll: Statement = { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' };
const document = (...Statement: readonly Statement[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const allow = (
  Action: string | readonly string[],
  Resource: string | readonly string[] = '*',
  more: Partial<Statement> = {},
): Statement => ({ Effect: 'Allow', Action, Resource, ...more });
const deny = (
  Action: string | readonly string[],
  Resource: string | readonly string[] = '*',
  more: Partial<Statement> = {},
): Statement => ({ Effect: 'Deny', Action, Resource, ...more });

const createRole = async (account: Account, name: string, trust: Statement, ...statements: readonly Statement[]) => {
  const iam = account.client(IAMClient);
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: name, Path: '/posture/', AssumeRolePolicyDocument: document(trust) }));
  if (statements.length > 0)
    await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: 'own', PolicyDocument: document(...statements) }));
  return Role?.Arn ?? '';
};

/** A maker of clients with the credentials of a role that may do what the statements say. */
const actingAs = async (account: Account, ...statements: readonly Statement[]) => {
  const role = await createRole(account, 'worker', trustsAll, ...statements);
  return withCredentials(account, await assumeRole(emulator.gateway, role));
};

const withCredentials =
  (account: Account, credentials: AccountCredentials) =>
  <Client>(Class: new (configuration: never) => Client, region = account.region): Client =>
    new Class({ ...account.configuration, region, credentials } as never);

const ended = (call: Promise<unknown>) =>
  call.then(
    () => 'allowed',
    (error: Error) => error.name,
  );

const newBucket = async (account: Account, suffix = '') => {
  const Bucket = `enforced-${account.account}${suffix}`;
  await account.client(S3Client).send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
  return Bucket;
};

const newTable = (account: Account, TableName: string) =>
  account.client(DynamoDBClient).send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: ['id', 'other'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        { IndexName: 'by-other', KeySchema: [{ AttributeName: 'other', KeyType: 'HASH' }], Projection: { ProjectionType: 'ALL' } },
      ],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );

describe('a role session', () => {
  it('may do nothing that its role does not allow, in the words of each service', async () => {
    const account = await emulator.account();
    const as = await actingAs(account);
    const Bucket = await newBucket(account);
    expect(
      await Promise.all([
        ended(as(S3Client).send(new GetBucketVersioningCommand({ Bucket }))),
        ended(as(S3ControlClient).send(new GetPublicAccessBlockCommand({ AccountId: account.account }))),
        ended(as(EC2Client).send(new DescribeVpcsCommand({}))),
        ended(as(IAMClient).send(new ListUsersCommand({}))),
        ended(as(DynamoDBClient).send(new GetItemCommand({ TableName: 't', Key: { id: { S: 'x' } } }))),
        ended(as(LambdaClient).send(new ListFunctionsCommand({}))),
      ]),
    ).toEqual(['AccessDenied', 'AccessDenied', 'UnauthorizedOperation', 'AccessDenied', 'AccessDeniedException', 'AccessDeniedException']);
  });

  it('hears who may not do what on which resource', async () => {
    const account = await emulator.account();
    const as = await actingAs(account);
    const Bucket = await newBucket(account);
    await expect(as(S3Client).send(new GetBucketEncryptionCommand({ Bucket }))).rejects.toThrow(
      `User: arn:aws:iam::${account.account}:role/posture/worker is not authorized to perform: s3:GetEncryptionConfiguration on resource: arn:aws:s3:::${Bucket} because no identity-based policy allows the s3:GetEncryptionConfiguration action`,
    );
  });

  it('may do what its role allows, by the name that IAM has for it', async () => {
    const account = await emulator.account();
    const Bucket = await newBucket(account);
    const as = await actingAs(
      account,
      allow(['s3:PutBucketPublicAccessBlock', 's3:getbucketversioning', 's3:GetAccountPublicAccessBlock', 'ec2:Describe*']),
    );
    expect(
      await Promise.all([
        ended(as(S3Client).send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: { BlockPublicAcls: true } }))),
        ended(as(S3Client).send(new GetBucketVersioningCommand({ Bucket }))),
        ended(as(S3ControlClient).send(new GetPublicAccessBlockCommand({ AccountId: account.account }))),
        ended(as(EC2Client).send(new DescribeVpcsCommand({}))),
      ]),
    ).toEqual(['allowed', 'allowed', 'NoSuchPublicAccessBlockConfiguration', 'allowed']);
  });

  it('changes nothing when it is refused', async () => {
    const account = await emulator.account();
    const Bucket = await newBucket(account);
    const as = await actingAs(account, allow('s3:Get*'));
    await ended(as(S3Client).send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } })));
    expect((await as(S3Client).send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
    expect(emulator.gateway.calls.at(-2)).toMatchObject({ operation: 'PutBucketVersioning', status: 403 });
  });

  it('reaches the resources that its role names, and no others', async () => {
    const account = await emulator.account();
    const [mine, other] = [await newBucket(account), await newBucket(account, '-other')];
    await newTable(account, 'log');
    await newTable(account, 'coordination');
    const table = `arn:aws:dynamodb:eu-west-1:${account.account}:table`;
    const as = await actingAs(
      account,
      allow('s3:*', [`arn:aws:s3:::${mine}`, `arn:aws:s3:::${mine}/in/*`]),
      allow(['dynamodb:PutItem', 'dynamodb:Query'], `${table}/log`),
    );
    const put = (TableName: string) =>
      ended(as(DynamoDBClient).send(new PutItemCommand({ TableName, Item: { id: { S: 'x' }, other: { S: 'y' } } })));
    const query = (IndexName?: string) =>
      ended(
        as(DynamoDBClient).send(
          new QueryCommand({
            TableName: 'log',
            KeyConditionExpression: '#k = :v',
            ExpressionAttributeNames: { '#k': IndexName === undefined ? 'id' : 'other' },
            ExpressionAttributeValues: { ':v': { S: 'x' } },
            ...(IndexName === undefined ? {} : { IndexName }),
          }),
        ),
      );
    expect([await put('log'), await put('coordination'), await query(), await query('by-other')]).toEqual([
      'allowed',
      'AccessDeniedException',
      'allowed',
      'AccessDeniedException',
    ]);
    const version = (Bucket: string) => ended(as(S3Client).send(new GetBucketVersioningCommand({ Bucket })));
    const store = (Key: string) => ended(as(S3Client).send(new PutObjectCommand({ Bucket: mine, Key, Body: 'x' })));
    expect([await version(mine), await version(other), await store('in/x'), await store('out/x')]).toEqual([
      'allowed',
      'AccessDenied',
      'allowed',
      'AccessDenied',
    ]);
  });

  it('needs the permission for each item of a transaction', async () => {
    const account = await emulator.account();
    await newTable(account, 'log');
    await newTable(account, 'coordination');
    const table = `arn:aws:dynamodb:eu-west-1:${account.account}:table`;
    const as = await actingAs(
      account,
      allow(['dynamodb:PutItem'], `${table}/log`),
      allow(['dynamodb:UpdateItem', 'dynamodb:ConditionCheckItem'], `${table}/coordination`),
    );
    const item = { id: { S: 'x' } };
    const put = { Put: { TableName: 'log', Item: item } };
    const update = {
      Update: { TableName: 'coordination', Key: item, UpdateExpression: 'SET a = :a', ExpressionAttributeValues: { ':a': { S: 'x' } } },
    };
    const remove = { Delete: { TableName: 'log', Key: { id: { S: 'y' } } } };
    const transact = (...TransactItems: readonly object[]) =>
      ended(as(DynamoDBClient).send(new TransactWriteItemsCommand({ TransactItems: [...TransactItems] })));
    expect([await transact(put, update), await transact(put, remove)]).toEqual(['allowed', 'AccessDeniedException']);
  });

  it('is stopped by a denial, whatever else allows it', async () => {
    const account = await emulator.account();
    const [mine, other] = [await newBucket(account), await newBucket(account, '-other')];
    const as = await actingAs(account, allow('*'), deny('s3:Get*', `arn:aws:s3:::${other}`));
    const version = (Bucket: string) => as(S3Client).send(new GetBucketVersioningCommand({ Bucket }));
    expect(await ended(version(mine))).toBe('allowed');
    await expect(version(other)).rejects.toThrow('explicitly denies');
  });

  it('may do all but what is left out', async () => {
    const account = await emulator.account();
    const as = await actingAs(account, { Effect: 'Allow', NotAction: ['iam:*'], Resource: '*' });
    expect([
      await ended(as(EC2Client).send(new DescribeVpcsCommand({}))),
      await ended(as(IAMClient).send(new ListUsersCommand({}))),
    ]).toEqual(['allowed', 'AccessDenied']);
  });

  it('is held to the conditions', async () => {
    const account = await emulator.account();
    const as = await actingAs(
      account,
      allow('ec2:*', '*', { Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } }),
      deny('ec2:*', '*', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      allow('iam:*', '*', { Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/posture/*' } } }),
    );
    const elsewhere = as(EC2Client, 'eu-north-1');
    expect([
      await ended(as(EC2Client).send(new DescribeVpcsCommand({}))),
      await ended(elsewhere.send(new DescribeVpcsCommand({}))),
      await ended(as(IAMClient).send(new ListUsersCommand({}))),
    ]).toEqual(['allowed', 'UnauthorizedOperation', 'AccessDenied']);
  });

  it('is held to the partition keys that its role names, in each item of a transaction', async () => {
    const account = await emulator.account();
    await account.client(DynamoDBClient).send(
      new CreateTableCommand({
        TableName: 'notes',
        AttributeDefinitions: [
          { AttributeName: 'page', AttributeType: 'N' },
          { AttributeName: 'book', AttributeType: 'S' },
        ],
        KeySchema: [
          { AttributeName: 'book', KeyType: 'HASH' },
          { AttributeName: 'page', KeyType: 'RANGE' },
        ],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    const own = { Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['mine *'] } } };
    const dynamo = (await actingAs(account, allow('dynamodb:*', '*', own)))(DynamoDBClient);
    const note = (book: string) => ({ TableName: 'notes', Item: { page: { N: '1' }, book: { S: book } } });
    const both = (...books: readonly string[]) =>
      new TransactWriteItemsCommand({ TransactItems: books.map((book) => ({ Put: note(book) })) });
    const { Item: Key, TableName } = note('yours');
    expect([
      await ended(dynamo.send(new PutItemCommand(note('mine too')))),
      await ended(dynamo.send(new PutItemCommand(note('yours')))),
      await ended(dynamo.send(new GetItemCommand({ TableName, Key }))),
      await ended(dynamo.send(both('mine 1', 'mine 2'))),
      await ended(dynamo.send(both('mine 3', 'yours'))),
    ]).toEqual(['allowed', 'AccessDeniedException', 'AccessDeniedException', 'allowed', 'AccessDeniedException']);
  });

  it('reaches all the items that a batch reads, and those that a transaction looks at or deletes', async () => {
    const account = await emulator.account();
    await newTable(account, 'notes');
    const of = (key: string) => ({ Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [key] } } });
    const as = await actingAs(
      account,
      allow('dynamodb:BatchGetItem', '*', of('read *')),
      allow('dynamodb:ConditionCheckItem', '*', of('look *')),
      allow('dynamodb:DeleteItem', '*', of('delete *')),
    );
    const dynamo = as(DynamoDBClient);
    const TableName = 'notes';
    const key = (text: string) => ({ id: { S: text } });
    const read = (...ids: readonly string[]) =>
      ended(dynamo.send(new BatchGetItemCommand({ RequestItems: { notes: { Keys: ids.map(key) } } })));
    const transact = (looked: string, deleted: string) =>
      ended(
        dynamo.send(
          new TransactWriteItemsCommand({
            TransactItems: [
              { ConditionCheck: { TableName, Key: key(looked), ConditionExpression: 'attribute_not_exists(id)' } },
              { Delete: { TableName, Key: key(deleted) } },
            ],
          }),
        ),
      );
    const refused = 'AccessDeniedException';
    expect([await read('read 1', 'read 2'), await read('read 1', 'other')]).toEqual(['allowed', refused]);
    expect([await transact('look 1', 'delete 1'), await transact('delete 1', 'delete 2'), await transact('look 1', 'look 2')]).toEqual([
      'allowed',
      refused,
      refused,
    ]);
  });

  it('tells on the buses and reads the configurations that its role names, and no others', async () => {
    const account = await emulator.account();
    const events = account.client(EventBridgeClient);
    for (const Name of ['mine', 'other']) await events.send(new CreateEventBusCommand({ Name }));
    const [mine, other] = [await policyIn(account), await policyIn(account)];
    const at = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:${account.account}:${resource}`;
    const [application, environment, profile] = mine.configuration.split('/');
    const as = await actingAs(
      account,
      allow('events:PutEvents', at('events', 'event-bus/mine')),
      allow(
        ['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'],
        at('appconfig', `application/${application}/environment/${environment}/configuration/${profile}`),
      ),
    );
    const tell = (...buses: readonly string[]) => {
      const Entries = buses.map((EventBusName) => ({ EventBusName, Source: 's', DetailType: 't', Detail: '{}' }));
      return ended(as(EventBridgeClient).send(new PutEventsCommand({ Entries })));
    };
    const data = as(AppConfigDataClient);
    const start = (configuration: string) => {
      const [ApplicationIdentifier, EnvironmentIdentifier, ConfigurationProfileIdentifier] = configuration.split('/');
      return data.send(
        new StartConfigurationSessionCommand({ ApplicationIdentifier, EnvironmentIdentifier, ConfigurationProfileIdentifier }),
      );
    };
    const refused = 'AccessDeniedException';
    expect([await tell('mine'), await tell(at('events', 'event-bus/mine')), await tell('mine', 'other')]).toEqual([
      'allowed',
      'allowed',
      refused,
    ]);
    expect(await ended(start(other.configuration))).toBe(refused);
    const { InitialConfigurationToken: ConfigurationToken } = await start(mine.configuration);
    expect(await ended(data.send(new GetLatestConfigurationCommand({ ConfigurationToken })))).toBe('allowed');
  });

  it('is held to the workflow status that its role may set, and to its own account', async () => {
    const account = await emulator.account();
    const as = await actingAs(
      account,
      allow(['securityhub:*', 'ec2:*']),
      deny('securityhub:*', '*', {
        Condition: {
          StringNotEquals: {
            'securityhub:ASFFSyntaxPath/Workflow.Status': ['NOTIFIED', 'RESOLVED'],
            'securityhub:OCSFSyntaxPath/StatusId': ['2', '4'],
          },
        },
      }),
      deny('ec2:*', '*', { Condition: { StringNotEquals: { 'aws:ResourceAccount': account.account } } }),
    );
    const finding = { FindingIdentifiers: [{ Id: 'a', ProductArn: 'b' }] };
    const refused = 'AccessDeniedException';
    const central = as(SecurityHubClient);
    expect([
      await ended(central.send(new BatchUpdateFindingsCommand({ ...finding, Workflow: { Status: 'RESOLVED' } }))),
      await ended(central.send(new BatchUpdateFindingsCommand({ ...finding, Workflow: { Status: 'NOTIFIED' } }))),
      await ended(central.send(new BatchUpdateFindingsCommand({ ...finding, Workflow: { Status: 'SUPPRESSED' } }))),
      await ended(central.send(new BatchUpdateFindingsCommand(finding))),
      await ended(central.send(new BatchUpdateFindingsV2Command({ MetadataUids: ['a'], StatusId: 2 }))),
      await ended(central.send(new BatchUpdateFindingsV2Command({ MetadataUids: ['a'], StatusId: 3 }))),
      await ended(central.send(new BatchUpdateFindingsV2Command({ MetadataUids: ['a'], Comment: 'mine' }))),
      await ended(as(EC2Client).send(new DescribeVpcsCommand({}))),
    ]).toEqual(['allowed', 'allowed', refused, refused, 'allowed', refused, refused, 'allowed']);
  });

  it('is held to the permissions boundary of the roles that it makes and changes', async () => {
    const account = await emulator.account();
    const boundary = `arn:aws:iam::${account.account}:policy/boundary`;
    const owner = account.client(IAMClient);
    await owner.send(new CreatePolicyCommand({ PolicyName: 'boundary', PolicyDocument: document(allow('logs:*')) }));
    const within = { Condition: { StringEquals: { 'iam:PermissionsBoundary': boundary } } };
    const iam = (await actingAs(account, allow('iam:*', '*', within)))(IAMClient);
    const make = (RoleName: string, PermissionsBoundary?: string) =>
      new CreateRoleCommand({ RoleName, PermissionsBoundary, AssumeRolePolicyDocument: document(trustsAll) });
    const change = (RoleName: string) =>
      new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: document(allow('logs:*')) });
    expect([
      await ended(iam.send(make('bound', boundary))),
      await ended(iam.send(make('free'))),
      await ended(iam.send(change('bound'))),
      await ended(iam.send(change('worker'))),
    ]).toEqual(['allowed', 'AccessDenied', 'allowed', 'AccessDenied']);
  });

  it.each([
    ['operator', 'DateGreaterThan', { DateGreaterThan: { 'aws:RequestedRegion': '2020-01-01T00:00:00Z' } }],
    ['key', 'aws:MultiFactorAuthPresent', { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } }],
  ])('fails loudly on a condition whose %s the gateway cannot evaluate', async (_, unknown, Condition) => {
    const as = await actingAs(await emulator.account(), allow('ec2:*', '*', { Condition }));
    await expect(as(EC2Client).send(new DescribeVpcsCommand({}))).rejects.toMatchObject({
      name: 'EmulatorFailure',
      message: expect.stringContaining(unknown),
    });
  });

  it('has the function as its source that Lambda made it for, and no other session has one', async () => {
    const account = await emulator.account();
    const source = `arn:aws:lambda:${account.region}:${account.account}:function:worker`;
    const Condition = { ArnNotLike: { 'lambda:SourceFunctionArn': [source, `${source}:*`] } };
    const role = await createRole(account, 'worker', trustsAll, allow('ec2:*'), deny('*', '*', { Condition }));
    const describe = async (credentials: AccountCredentials) =>
      ended(withCredentials(account, credentials)(EC2Client).send(new DescribeVpcsCommand({})));
    const { region } = account;
    expect(await describe(await functionCredentials(emulator.gateway, { role, name: 'worker', region }))).toBe('allowed');
    expect(await describe(await functionCredentials(emulator.gateway, { role, name: 'other', region }))).toBe('UnauthorizedOperation');
    expect(await describe(await assumeRole(emulator.gateway, role))).toBe('UnauthorizedOperation');
  });

  it('reaches the roles of accounts in the organization that its policy names, and no others', async () => {
    const [account, member, stranger] = [await emulator.account(), await emulator.account(), await emulator.account()];
    const organizations = member.client(OrganizationsClient);
    const { Organization } = await organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
    const Condition = { StringEquals: { 'aws:ResourceOrgID': Organization?.Id ?? '' } };
    const as = await actingAs(account, allow('sts:AssumeRole', '*', { Condition }));
    const assumed = async (other: Account) => {
      const RoleArn = await createRole(other, 'reached', { ...trustsAll, Principal: { AWS: account.account } });
      return ended(as(STSClient).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' })));
    };
    expect([await assumed(member), await assumed(stranger)]).toEqual(['allowed', 'AccessDenied']);
  });

  it('gains and loses what is attached to its role meanwhile', async () => {
    const account = await emulator.account();
    const as = await actingAs(account);
    const iam = account.client(IAMClient);
    const list = () => ended(as(EC2Client).send(new DescribeVpcsCommand({})));
    expect(await list()).toBe('UnauthorizedOperation');
    const { Policy } = await iam.send(
      new CreatePolicyCommand({ PolicyName: 'managed', PolicyDocument: document(allow('ec2:DescribeVpcs')) }),
    );
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'worker', PolicyArn: Policy?.Arn }));
    expect(await list()).toBe('allowed');
    await iam.send(new PutRolePolicyCommand({ RoleName: 'worker', PolicyName: 'no', PolicyDocument: document(deny('ec2:*')) }));
    expect(await list()).toBe('UnauthorizedOperation');
  });

  it('may do what it is granted directly, in the place of its policies', async () => {
    const account = await emulator.account();
    const role = `arn:aws:iam::${account.account}:role/posture/granted`;
    emulator.gateway.grant(role, [allow('ec2:DescribeVpcs')]);
    const as = withCredentials(account, await assumeRole(emulator.gateway, role));
    expect([
      await ended(as(EC2Client).send(new DescribeVpcsCommand({}))),
      await ended(as(IAMClient).send(new ListUsersCommand({}))),
    ]).toEqual(['allowed', 'AccessDenied']);
  });

  it('may hand on only the roles that it may pass, and only to that service', async () => {
    const account = await emulator.account();
    const passed = `arn:aws:iam::${account.account}:role/posture/scheduler`;
    const Condition = { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } };
    const as = await actingAs(account, allow('scheduler:CreateSchedule'), allow('iam:PassRole', passed, { Condition }));
    const create = (Name: string, RoleArn: string) =>
      ended(
        as(SchedulerClient).send(
          new CreateScheduleCommand({
            Name,
            ScheduleExpression: 'at(2030-01-01T00:00:00)',
            FlexibleTimeWindow: { Mode: 'OFF' },
            Target: { Arn: 'arn:aws:lambda:eu-west-1:111122223333:function:f', RoleArn },
          }),
        ),
      );
    expect([await create('a', passed), await create('b', passed.replace('scheduler', 'admin'))]).toEqual([
      'allowed',
      'AccessDeniedException',
    ]);
  });

  it('may ask who it is, and the owner of the account may do everything', async () => {
    const account = await emulator.account();
    const as = await actingAs(account);
    expect(await ended(as(STSClient).send(new GetCallerIdentityCommand({})))).toBe('allowed');
    expect(await ended(account.client(EC2Client).send(new DescribeVpcsCommand({})))).toBe('allowed');
  });

  it('may do everything while nothing is enforced', async () => {
    const account = await emulator.account();
    const as = await actingAs(account);
    emulator.gateway.enforce({ on: false });
    expect(await ended(as(EC2Client).send(new DescribeVpcsCommand({})))).toBe('allowed');
  });
});

describe('a role of another account', () => {
  const memberRole = async (trust: (central: Account) => Statement, centralStatements: (target: string) => readonly Statement[]) => {
    const [central, member] = [await emulator.account(), await emulator.account()];
    const target = await createRole(member, 'member', trust(central), allow('ec2:DescribeVpcs'));
    const as = await actingAs(central, ...centralStatements(target));
    return {
      central,
      member,
      target,
      assume: () => as(STSClient).send(new AssumeRoleCommand({ RoleArn: target, RoleSessionName: 'session' })),
    };
  };
  const root = (account: Account) => `arn:aws:iam::${account.account}:root`;
  const trust = (principal: string, Condition?: Statement['Condition']): Statement => ({
    Effect: 'Allow',
    Principal: { AWS: principal },
    Action: 'sts:AssumeRole',
    ...(Condition === undefined ? {} : { Condition }),
  });
  const may = (target: string) => [allow('sts:AssumeRole', target)];

  it('is assumed if both sides allow it, and then does what it may', async () => {
    const { member, assume } = await memberRole(
      (central) => trust(root(central), { StringEquals: { 'aws:PrincipalArn': `arn:aws:iam::${central.account}:role/posture/worker` } }),
      may,
    );
    const { Credentials } = await assume();
    const as = withCredentials(member, {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: 'x',
      sessionToken: Credentials?.SessionToken ?? '',
    });
    expect([
      await ended(as(EC2Client).send(new DescribeVpcsCommand({}))),
      await ended(as(IAMClient).send(new ListUsersCommand({}))),
    ]).toEqual(['allowed', 'AccessDenied']);
  });

  it.each<readonly [string, (central: Account) => Statement, (target: string) => readonly Statement[]]>([
    ['that names the role itself', (central) => trust(`arn:aws:iam::${central.account}:role/posture/worker`), may],
    ['that names the account by its number', (central) => trust(central.account), may],
    ['with an ARN condition', (central) => trust(root(central), { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/posture/*' } }), may],
    [
      'with a wildcard on the side of the caller',
      (central) => trust(root(central)),
      () => [allow('sts:AssumeRole', 'arn:aws:iam::*:role/posture/member')],
    ],
  ])('is assumed by a trust policy %s', async (_, trusts, statements) => {
    expect(await ended((await memberRole(trusts, statements)).assume())).toBe('allowed');
  });

  it.each<readonly [string, (central: Account) => Statement, (target: string) => readonly Statement[]]>([
    ['the caller may not', (central) => trust(`arn:aws:iam::${central.account}:role/posture/worker`), () => []],
    ['the caller may assume another role alone', (central) => trust(root(central)), (target) => may(`${target}-other`)],
    ['its trust policy names another account', () => trust('arn:aws:iam::999999999999:root'), may],
    ['its trust policy names another role', (central) => trust(`arn:aws:iam::${central.account}:role/posture/other`), may],
    [
      'its trust policy asks for another caller',
      (central) => trust(root(central), { StringEquals: { 'aws:PrincipalArn': `arn:aws:iam::${central.account}:role/posture/other` } }),
      may,
    ],
    [
      'its trust policy asks for a caller by ARN',
      (central) => trust(root(central), { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/admin/*' } }),
      may,
    ],
    ['its trust policy names a service', () => ({ ...trustsAll, Principal: { Service: 'lambda.amazonaws.com' } }), may],
    ['its trust policy asks for an external id', (central) => trust(root(central), { StringEquals: { 'sts:ExternalId': 'secret' } }), may],
  ])('is not assumed if %s', async (_, trusts, statements) => {
    expect(await ended((await memberRole(trusts, statements)).assume())).toBe('AccessDenied');
  });

  it('is not assumed if it is not there', async () => {
    const account = await emulator.account();
    const as = await actingAs(account, allow('sts:AssumeRole'));
    expect(
      await ended(
        as(STSClient).send(
          new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account.account}:role/posture/none`, RoleSessionName: 'session' }),
        ),
      ),
    ).toBe('AccessDenied');
  });

  it('is assumed in the same account by a trust policy that names the role, without more', async () => {
    const account = await emulator.account();
    const as = await actingAs(account);
    const target = await createRole(account, 'next', trust(`arn:aws:iam::${account.account}:role/posture/worker`));
    expect(await ended(as(STSClient).send(new AssumeRoleCommand({ RoleArn: target, RoleSessionName: 'session' })))).toBe('allowed');
  });
});
