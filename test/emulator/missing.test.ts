import { AssociateKmsKeyCommand, CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import {
  ConfigServiceClient,
  GetComplianceSummaryByConfigRuleCommand,
  StartConfigRulesEvaluationCommand,
} from '@aws-sdk/client-config-service';
import { DynamoDBClient, ListGlobalTablesCommand } from '@aws-sdk/client-dynamodb';
import { DescribeIpamsCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateAccessKeyCommand,
  CreateLoginProfileCommand,
  CreateUserCommand,
  GetLoginProfileCommand,
  GetServiceLastAccessedDetailsCommand,
  IAMClient,
  ListAccessKeysCommand,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand, HeadObjectCommand, ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetPublicAccessBlockCommand, ListJobsCommand, S3ControlClient } from '@aws-sdk/client-s3-control';
import {
  BatchImportFindingsCommand,
  BatchUpdateFindingsCommand,
  GetFindingsCommand,
  ListAutomationRulesCommand,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { freshAccount } from './account';
import { startGateway } from './gateway';
import { emulatorOfThisWorker, useEmulator } from './use';

const emulator = useEmulator();

const product = 'arn:aws:securityhub:eu-west-1::product/aws/securityhub';

const thrown = async (
  call: Promise<unknown>,
): Promise<Error & { readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number } }> => {
  try {
    await call;
  } catch (error) {
    return error as Error;
  }
  throw new Error('The call succeeded.');
};

describe('an operation that the emulator lacks', () => {
  it.each([
    ['JSON', ConfigServiceClient, new GetComplianceSummaryByConfigRuleCommand({})],
    ['JSON of DynamoDB', DynamoDBClient, new ListGlobalTablesCommand({})],
    ['JSON with a target of its own', CloudWatchLogsClient, new AssociateKmsKeyCommand({ kmsKeyId: 'k', logGroupName: 'l' })],
    ['query', IAMClient, new GetServiceLastAccessedDetailsCommand({ JobId: '012345678901234567890123456789012345' })],
    ['EC2', EC2Client, new DescribeIpamsCommand({})],
    ['REST with JSON', SecurityHubClient, new ListAutomationRulesCommand({})],
    ['REST with XML', S3ControlClient, 'list-jobs'],
  ])('is refused at once with 501 in the form of its service: %s', async (_, Client, command) => {
    const account = await emulator.account();
    const client = account.client(Client as typeof IAMClient);
    emulator.gateway.clear();
    const error = await thrown(
      client.send(command === 'list-jobs' ? (new ListJobsCommand({ AccountId: account.account }) as never) : (command as never)),
    );
    expect(error).toMatchObject({ name: 'NotImplemented', $metadata: { httpStatusCode: 501, attempts: 1 } });
    expect(error.message).toMatch(/^The emulator can't do .+:[A-Z]\w+: it answered \d+/);
    expect(emulator.gateway.calls).toHaveLength(1);
  });

  it("leaves an error of the service's own as it is", async () => {
    const account = await emulator.account();
    const error = await thrown(account.client(S3ControlClient).send(new GetPublicAccessBlockCommand({ AccountId: account.account })));
    expect(error.name).toBe('NoSuchPublicAccessBlockConfiguration');
  });

  it('says so when the emulator has gone', async () => {
    const gateway = await startGateway({ upstream: 'http://127.0.0.1:1' });
    const client = new S3Client({ endpoint: gateway.url, region: 'eu-west-1', credentials: { accessKeyId: 'x', secretAccessKey: 'x' } });
    await expect(client.send(new ListBucketsCommand({}))).rejects.toMatchObject({
      name: 'EmulatorFailure',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    client.destroy();
    await gateway.stop();
  });
});

describe('what passes through', () => {
  it('keeps the size that a HEAD tells', async () => {
    const account = await emulator.account({ region: 'us-east-1' });
    const s3 = account.client(S3Client);
    const Bucket = `head-${account.account}`;
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'twelve bytes' }));
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: 'k' }))).ContentLength).toBe(12);
  });
});

describe('BatchUpdateFindings', () => {
  const finding = (account: string, Id: string) => ({
    SchemaVersion: '2018-10-08',
    Id,
    ProductArn: product,
    GeneratorId: 'security-control/S3.14',
    AwsAccountId: account,
    Types: ['Software and Configuration Checks'],
    CreatedAt: '2026-09-01T00:00:00.000Z',
    UpdatedAt: '2026-09-01T00:00:00.000Z',
    Severity: { Label: 'LOW' as const },
    Title: 'Versioning',
    Description: 'Versioning',
    Resources: [{ Type: 'AwsS3Bucket', Id: 'arn:aws:s3:::bucket' }],
  });

  it('is stored with account, region and change, and read back with the finding', async () => {
    const account = await emulator.account();
    const central = account.client(SecurityHubClient);
    await central.send(new BatchImportFindingsCommand({ Findings: [finding(account.account, 'one'), finding(account.account, 'other')] }));
    const result = await central.send(
      new BatchUpdateFindingsCommand({
        FindingIdentifiers: [{ Id: 'one', ProductArn: product }],
        Workflow: { Status: 'RESOLVED' },
        Note: { Text: 'Fixed', UpdatedBy: 'posture' },
      }),
    );
    expect(result).toMatchObject({ ProcessedFindings: [{ Id: 'one', ProductArn: product }], UnprocessedFindings: [] });
    expect(emulator.gateway.securityHub.updates.at(-1)).toMatchObject({
      account: account.account,
      region: 'eu-west-1',
      id: 'one',
      productArn: product,
      change: { Workflow: { Status: 'RESOLVED' }, Note: { Text: 'Fixed', UpdatedBy: 'posture' } },
    });
    const { Findings } = await central.send(new GetFindingsCommand({}));
    expect(Findings?.find(({ Id }) => Id === 'one')).toMatchObject({ Workflow: { Status: 'RESOLVED' }, Note: { Text: 'Fixed' } });
    expect(Findings?.find(({ Id }) => Id === 'other')?.Workflow).toBeUndefined();
  });

  it('is found by the id and the product alone, from what it set where nothing was imported', async () => {
    const account = await emulator.account();
    const central = account.client(SecurityHubClient);
    const other = product.replace('securityhub', 'guardduty').replace('/securityhub', '/guardduty');
    emulator.gateway.securityHub.seed(account, { Id: 'one', ProductArn: other, Workflow: { Status: 'NEW' } });
    await central.send(
      new BatchUpdateFindingsCommand({ FindingIdentifiers: [{ Id: 'one', ProductArn: product }], Workflow: { Status: 'SUPPRESSED' } }),
    );
    const statusOf = async (Id: string, ProductArn: string) => {
      const equal = (Value: string) => [{ Value, Comparison: 'EQUALS' as const }];
      const { Findings = [] } = await central.send(
        new GetFindingsCommand({ Filters: { Id: equal(Id), ProductArn: equal(ProductArn) }, MaxResults: 1 }),
      );
      return Findings.map(({ Workflow }) => Workflow?.Status);
    };
    expect(await statusOf('one', product)).toEqual(['SUPPRESSED']);
    expect(await statusOf('one', other)).toEqual(['NEW']);
    expect(await statusOf('two', product)).toEqual([]);
  });

  it('is refused by a filter that the emulator does not know', async () => {
    const central = (await emulator.account()).client(SecurityHubClient);
    const Filters = { Title: [{ Value: 'Versioning', Comparison: 'EQUALS' as const }] };
    expect(await thrown(central.send(new GetFindingsCommand({ Filters })))).toMatchObject({ name: 'NotImplemented' });
  });

  it('names the findings it does not know', async () => {
    const central = (await emulator.account()).client(SecurityHubClient);
    emulator.gateway.securityHub.missing.add('gone');
    const identifiers = ['here', 'gone'].map((Id) => ({ Id, ProductArn: product }));
    const result = await central.send(new BatchUpdateFindingsCommand({ FindingIdentifiers: identifiers }));
    expect(result.ProcessedFindings).toEqual([identifiers[0]]);
    expect(result.UnprocessedFindings).toMatchObject([{ FindingIdentifier: identifiers[1], ErrorCode: 'FindingNotFound' }]);
  });

  it('refuses no finding and more than a hundred', async () => {
    const central = (await emulator.account()).client(SecurityHubClient);
    for (const length of [0, 101]) {
      const FindingIdentifiers = Array.from({ length }, (_, index) => ({ Id: `${index}`, ProductArn: product }));
      const error = await thrown(central.send(new BatchUpdateFindingsCommand({ FindingIdentifiers })));
      expect(error).toMatchObject({ name: 'InvalidInputException', $metadata: { httpStatusCode: 400 } });
      expect(error.message).toContain('FindingIdentifiers');
    }
  });
});

describe('StartConfigRulesEvaluation', () => {
  it('evaluates a Config rule once a minute, an account and a region', async () => {
    let now = 1_000_000;
    const gateway = await startGateway({ upstream: emulatorOfThisWorker(), now: () => now });
    const account = await freshAccount(gateway);
    const config = account.client(ConfigServiceClient);
    const elsewhere = new ConfigServiceClient({ ...account.configuration, region: 'eu-north-1' });
    const once = { ...account.configuration, maxAttempts: 1 };
    const evaluate = (client: ConfigServiceClient, ...ConfigRuleNames: string[]) =>
      client.send(new StartConfigRulesEvaluationCommand({ ConfigRuleNames }));
    await evaluate(config, 'a', 'b');
    await evaluate(elsewhere, 'a');
    now += 59_999;
    expect(await thrown(evaluate(new ConfigServiceClient(once), 'c', 'a'))).toMatchObject({
      name: 'LimitExceededException',
      $metadata: { httpStatusCode: 400 },
    });
    now += 1;
    await evaluate(config, 'a');
    expect(gateway.config.evaluations.map(({ account: by, region, rule, time }) => [by === account.account, region, rule, time])).toEqual([
      [true, 'eu-west-1', 'a', 1_000_000],
      [true, 'eu-west-1', 'b', 1_000_000],
      [true, 'eu-north-1', 'a', 1_000_000],
      [true, 'eu-west-1', 'a', 1_060_000],
    ]);
    await gateway.stop();
  });

  it('does not know a rule that is not there', async () => {
    const config = (await emulator.account()).client(ConfigServiceClient);
    emulator.gateway.config.missing.add('none');
    const error = await thrown(config.send(new StartConfigRulesEvaluationCommand({ ConfigRuleNames: ['none'] })));
    expect(error.name).toBe('NoSuchConfigRuleException');
  });
});

describe('the past', () => {
  it('has credentials of a user that are of another day', async () => {
    const account = await emulator.account();
    const iam = account.client(IAMClient);
    for (const UserName of ['left-long-ago', 'new-here']) {
      await iam.send(new CreateUserCommand({ UserName }));
      await iam.send(new CreateAccessKeyCommand({ UserName }));
      await iam.send(new CreateLoginProfileCommand({ UserName, Password: 'correct horse battery staple' }));
    }
    const since = new Date('2020-02-02T02:02:02Z');
    emulator.gateway.past.credentialsOf('left-long-ago', account.account, since);
    const daysOf = async (UserName: string) => {
      const { AccessKeyMetadata: [key] = [] } = await iam.send(new ListAccessKeysCommand({ UserName }));
      const { LoginProfile } = await iam.send(new GetLoginProfileCommand({ UserName }));
      return [key?.CreateDate, LoginProfile?.CreateDate];
    };
    expect(await daysOf('left-long-ago')).toEqual([since, since]);
    expect((await daysOf('new-here')).every((day) => Date.now() - Number(day) < 60_000)).toBe(true);
  });
});
