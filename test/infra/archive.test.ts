import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template as Synthesized } from 'aws-cdk-lib/assertions';
import { archiveEnvironment } from '../../functions/archive/environment';
import { loadRules } from '../../functions/catalogue/catalogue';
import { archiveBucket } from '../../infra/central/archive-bucket';
import { tableAdministrators } from '../../infra/central/table-policy';
import type { Synthesis, Template } from '../../infra/synth';
import { toArray } from '../../rules/rule';
import { applies, type Statement, verdict } from '../emulator/gateway/permissions/statement';
import { accessLevelOf } from './iam-action';
import { type PlainResource, plainResources } from './plain';
import { synthesized, temporaryFolder } from './synthesized';

const outdir = temporaryFolder('archive');
let synthesis: Synthesis;
beforeAll(async () => {
  synthesis = await synthesized(outdir, { entries: loadRules().slice(0, 3) });
});

const plain = (parameters: Readonly<Record<string, string>> = {}) => plainResources(synthesis, parameters);
const all = (type: string, of = plain()) => of.filter((one) => one.type === type);
const named = (type: string, name: string, of = plain()) => of.find((one) => one.type === type && one.name === name)?.properties;
const idOf = (type: string, part: string) => all(type).find(({ logicalId }) => logicalId.startsWith(part))?.logicalId ?? '';
const conditionOf = ({ stack, logicalId }: PlainResource) =>
  (synthesis.templates.get(stack)?.Resources[logicalId] as { readonly Condition?: string } | undefined)?.Condition;
const allow = (Action: string | readonly string[], Resource: string | readonly string[], Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
});
const onKeys = (...keys: readonly string[]) => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys },
  Null: { 'dynamodb:LeadingKeys': 'false' },
});

describe('the function that archives the log', () => {
  it('may read the stream and the log by rule, keep its number and position, and read and write batches: no more', () => {
    const { Policies, ManagedPolicyArns } = named('AWS::IAM::Role', 'posture-function-archive');
    expect([Policies.length, ManagedPolicyArns]).toEqual([1, undefined]);
    const { Statement } = Policies[0].PolicyDocument as { readonly Statement: readonly { readonly Effect: string }[] };
    const bucket = idOf('AWS::S3::Bucket', 'ArchiveBucket');
    expect(Statement.filter(({ Effect }) => Effect === 'Allow')).toEqual([
      allow('dynamodb:Query', 'posture-log.Arn/index/by-rule'),
      allow('dynamodb:BatchGetItem', 'posture-log.Arn'),
      allow('dynamodb:UpdateItem', 'posture-coordination.Arn', onKeys('archive')),
      allow('dynamodb:PutItem', 'posture-coordination.Arn', onKeys('archive', 'archive-check')),
      allow('dynamodb:GetItem', 'posture-coordination.Arn', onKeys('archive', 'archive-check')),
      allow('s3:ListBucket', `${bucket}.Arn`),
      allow(['s3:GetObject', 's3:PutObject'], `${bucket}.Arn/log/*`),
      allow('sqs:SendMessage', 'posture-failed.Arn'),
      allow(['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], 'posture-log.Arn/stream/*'),
      allow('dynamodb:ListStreams', '*'),
      allow(['logs:CreateLogStream', 'logs:PutLogEvents'], '/aws/lambda/posture-archive.Arn'),
      allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*'),
    ]);
  });

  it('is the only one that Lambda reads the stream for, from its beginning, and until the records expire', () => {
    expect(named('AWS::DynamoDB::Table', 'posture-log').StreamSpecification).toEqual({ StreamViewType: 'NEW_IMAGE' });
    const ofStreams = all('AWS::Lambda::EventSourceMapping').filter(
      ({ properties }) => !properties.EventSourceArn.startsWith('posture-changes'),
    );
    expect(ofStreams.map(({ properties }) => properties)).toEqual([
      {
        EventSourceArn: 'posture-log.StreamArn',
        FunctionName: 'posture-archive.Ref',
        StartingPosition: 'TRIM_HORIZON',
        BatchSize: 1000,
        MaximumBatchingWindowInSeconds: 60,
        BisectBatchOnFunctionError: true,
      },
    ]);
  });

  it('compares every hour, with the environment that it reads', () => {
    expect(named('AWS::Events::Rule', 'posture-archive')).toMatchObject({ ScheduleExpression: 'rate(1 hour)' });
    const { Variables } = named('AWS::Lambda::Function', 'posture-archive').Environment;
    expect(Object.keys(Variables).toSorted()).toEqual(Object.keys(archiveEnvironment.shape).toSorted());
  });
});

const bucketAlone = (archive?: unknown) => {
  const stack = new Stack(new App({ context: archive === undefined ? {} : { archive } }), 'Posture');
  archiveBucket(stack, tableAdministrators(stack));
  return stack;
};
const lockOf = (archive?: unknown) => {
  const [bucket] = plainResources({ templates: new Map([['Posture', templateOf(bucketAlone(archive))]]) }).filter(
    ({ type }) => type === 'AWS::S3::Bucket',
  );
  return bucket?.properties.ObjectLockConfiguration.Rule.DefaultRetention;
};
const templateOf = (stack: Stack) => Synthesized.fromStack(stack).toJSON() as Template;
const warningsOf = (archive?: unknown) =>
  Annotations.fromStack(bucketAlone(archive))
    .findWarning('*', Match.anyValue())
    .map(({ entry }) => String(entry.data));

describe('the lock of the archive', () => {
  it('is kept from all but the break-glass role for 30 days, and needs no warning', () => {
    expect([lockOf(), warningsOf()]).toEqual([{ Mode: 'GOVERNANCE', Days: 30 }, []]);
  });

  it('in years or in COMPLIANCE mode says at synth what can not be taken back, what it costs, and that nothing can be erased', () => {
    expect(lockOf({ mode: 'COMPLIANCE', years: 7 })).toEqual({ Mode: 'COMPLIANCE', Years: 7 });
    expect(warningsOf({ mode: 'COMPLIANCE', years: 7 })).toEqual([
      expect.stringMatching(
        /COMPLIANCE mode for 7 years\. This is irreversible: .*the root user.*You pay for the storage.*can't be erased/,
      ),
    ]);
    expect(lockOf({ days: 365 })).toEqual({ Mode: 'GOVERNANCE', Days: 365 });
    expect(warningsOf({ days: 365 })).toEqual([expect.stringMatching(/locked for 365 days\. Only the break-glass role .*can't be erased/)]);
  });

  it('can be given on the command line, as text', () => {
    expect(lockOf('{"mode":"GOVERNANCE","years":1}')).toEqual({ Mode: 'GOVERNANCE', Years: 1 });
  });

  it.each([
    [{ mode: 'compliance' }, 'mode must be one of GOVERNANCE, COMPLIANCE'],
    [{ days: 0 }, 'days must be at least 1'],
    [{ days: 1.5 }, 'days'],
    [{ years: 101 }, 'years must be at most 100'],
    [{ days: 1, years: 1 }, 'days and years exclude each other'],
    [{ day: 1 }, 'unknown fields (day)'],
    ['forever', 'the value must be of the type object'],
  ])('is not made of %j, with an error that says why and what to do', (given, why) => {
    expect(() => bucketAlone(given)).toThrow(why);
    expect(() => bucketAlone(given)).toThrow('Specify it in `cdk.json` under `context.archive`');
  });
});

describe('the bucket of the archive', () => {
  const template = () => new Map([['Posture', templateOf(bucketAlone())]]);
  const resources = () => plainResources({ templates: template() });

  it('is versioned, locked, closed to the public, encrypted by a key that nobody can delete, and retained under a generated name', () => {
    const { Resources } = template().get('Posture') as Template;
    const [bucket] = Object.values(Resources).filter(({ Type }) => Type === 'AWS::S3::Bucket');
    expect(bucket).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: {
        VersioningConfiguration: { Status: 'Enabled' },
        ObjectLockEnabled: true,
        BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
        PublicAccessBlockConfiguration: {
          ...{ BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      },
    });
    expect(bucket?.Properties).not.toHaveProperty('BucketName');
    // Its policy stays as well: otherwise, whoever deletes the stack could then remove what is not locked any more.
    expect(Object.values(Resources).find(({ Type }) => Type === 'AWS::S3::BucketPolicy')?.DeletionPolicy).toBe('Retain');
  });

  const statements = (): readonly Statement[] =>
    resources().find(({ type }) => type === 'AWS::S3::BucketPolicy')?.properties.PolicyDocument.Statement;
  const bucketArn = () => `${resources().find(({ type }) => type === 'AWS::S3::Bucket')?.logicalId}.Arn`;
  const isDenied = (principal: string, action: string, key?: string, more: object = { 's3:if-none-match': '*' }) => {
    const resource = key === undefined ? bucketArn() : `${bucketArn()}/${key}`;
    const context = { 'aws:principalarn': `arn:{partition}:iam::{account}:${principal}`, 'aws:securetransport': 'true', ...more };
    return statements().some((one) => one.Effect === 'Deny' && applies(one, { action: `s3:${action}`, resource }, context));
  };
  const archive = 'role/posture-function-archive';
  const seal = 'role/posture-function-seal';
  const breakGlass = 'role/posture-break-glass';
  const deployment = 'role/cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1';
  const others = [
    'role/Administrator',
    'user/admin',
    'root',
    'role/posture-function-control',
    'role/posture-s3-bucket-tls-required',
    'role/x/posture-function-archive',
  ];
  const batch = 'log/day=2026-11-30/000000000001.jsonl';

  it.each([
    [batch, archive],
    ['seals/000000000001.json', seal],
    ['keys/ab.pem', seal],
  ])('lets %s be written by %s alone', (key, writer) => {
    expect(isDenied(writer, 'PutObject', key)).toBe(false);
    for (const other of [archive, seal, breakGlass, deployment, ...others].filter((one) => one !== writer))
      expect([other, isDenied(other, 'PutObject', key)]).toEqual([other, true]);
  });

  it('lets nobody write anything else, replace anything, or come without TLS', () => {
    for (const principal of [archive, seal, breakGlass, deployment, ...others]) {
      expect([principal, isDenied(principal, 'PutObject', 'reports/x')]).toEqual([principal, true]);
      expect([principal, isDenied(principal, 'PutObject', batch, {})]).toEqual([principal, true]);
      expect([principal, isDenied(principal, 'GetObject', batch, { 'aws:securetransport': 'false' })]).toEqual([principal, true]);
    }
  });

  it.each(['DeleteObject', 'DeleteObjectVersion', 'BypassGovernanceRetention', 'PutObjectRetention', 'PutObjectLegalHold', 'PutObjectAcl'])(
    'lets the break-glass role alone do %s',
    (action) => {
      expect(isDenied(breakGlass, action, batch)).toBe(false);
      for (const other of [archive, seal, deployment, ...others]) expect([other, isDenied(other, action, batch)]).toEqual([other, true]);
    },
  );

  it.each([
    ...['DeleteBucket', 'DeleteBucketPolicy', 'PutBucketPolicy', 'PutBucketVersioning', 'PutBucketObjectLockConfiguration'],
    ...['PutLifecycleConfiguration', 'PutReplicationConfiguration', 'PutEncryptionConfiguration', 'PutBucketPublicAccessBlock'],
  ])('lets the administrators alone do %s', (action) => {
    for (const one of [breakGlass, deployment]) expect([one, isDenied(one, action)]).toEqual([one, false]);
    for (const other of [archive, seal, ...others]) expect([other, isDenied(other, action)]).toEqual([other, true]);
  });

  it('lets everybody read who may otherwise', () => {
    for (const principal of others) expect(isDenied(principal, 'GetObject', batch)).toBe(false);
  });

  it('is copied to another account by a role of its own, if the parameter names a bucket', () => {
    const replica = 'arn:aws:s3:::evidence';
    const bucketWith = (parameters: Readonly<Record<string, string>>) =>
      all('AWS::S3::Bucket', plain(parameters)).find(({ logicalId }) => logicalId.startsWith('ArchiveBucket'))?.properties;
    expect(bucketWith({})).not.toHaveProperty('ReplicationConfiguration');
    expect(bucketWith({ ArchiveReplica: replica }).ReplicationConfiguration).toMatchObject({
      Role: 'posture-archive-replication.Arn',
      Rules: [{ Status: 'Enabled', Destination: { Bucket: replica }, DeleteMarkerReplication: { Status: 'Disabled' } }],
    });
    const [role] = all('AWS::IAM::Role', plain({ ArchiveReplica: replica })).filter(({ name }) => name === 'posture-archive-replication');
    expect(conditionOf(role as PlainResource)).toBe('ReplicatesArchive');
    const { Statement: granted } = (role as PlainResource).properties.Policies[0].PolicyDocument as {
      readonly Statement: readonly Statement[];
    };
    const writes = granted.at(-1);
    expect(writes).toEqual(allow('s3:ReplicateObject', `${replica}/*`));
    // The role names the bucket by the beginning of its name, which CloudFormation makes of the names of the stack and the bucket.
    expect(idOf('AWS::S3::Bucket', 'ArchiveBucket').toLowerCase()).toMatch(/^archivebucket/);
  });
});

describe('the role of auditors', () => {
  const auditors = 'arn:aws:iam::444455556666:role/Audit,arn:aws:iam::111122223333:user/anna';
  const role = () => {
    const of = plain({ Auditors: auditors }).find(({ type, name }) => type === 'AWS::IAM::Role' && name === 'posture-auditor');
    return of as PlainResource;
  };
  const statements = (): readonly Statement[] => role().properties.Policies[0].PolicyDocument.Statement;
  const may = (action: string, resource: string, context: Readonly<Record<string, string>> = {}) =>
    verdict(statements(), { action, resource }, context) === 'allowed';

  it('exists only if the parameter names who may assume it, and trusts these alone', () => {
    expect(conditionOf(role())).toBe('HasAuditors');
    expect(synthesis.templates.get('Posture')?.Parameters?.Auditors).toMatchObject({ Default: '' });
    expect(role().properties.AssumeRolePolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: auditors.split(',') } },
    ]);
  });

  it.each([
    ['arn:aws:iam::111122223333:role/Audit', true],
    [auditors, true],
    ['', true],
    ['*', false],
    ['arn:aws:iam::111122223333:root', false],
    ['111122223333', false],
    ['arn:aws:iam::111122223333:role/Audit,*', false],
  ])('takes %j: %s', (given, expected) => {
    const { AllowedPattern = '' } = (synthesis.templates.get('Posture')?.Parameters?.Auditors ?? {}) as {
      readonly AllowedPattern?: string;
    };
    expect(new RegExp(AllowedPattern).test(given)).toBe(expected);
  });

  it('only reads, but for starting and stopping queries, and the results of them', async () => {
    const actions = new Set(statements().flatMap(({ Action }) => toArray(Action as string | string[])));
    const writing: string[] = [];
    for (const action of actions) {
      if (!/^(Read|List)$/.test(String(await accessLevelOf(action)))) writing.push(action);
    }
    expect(writing.toSorted()).toEqual([
      'athena:StartQueryExecution',
      'athena:StopQueryExecution',
      's3:AbortMultipartUpload',
      's3:PutObject',
    ]);
    expect(statements().filter(({ Resource }) => toArray(Resource as string | string[]).includes('*'))).toEqual([]);
  });

  it('reads the log, the archive and the policies, and nothing else of the app', () => {
    const [bucket, results] = ['ArchiveBucket', 'ArchiveResults'].map((part) => `${idOf('AWS::S3::Bucket', part)}.Arn`);
    const keys = (key: string) => ({ 'dynamodb:leadingkeys': key });
    const glue = 'arn:{partition}:glue:{region}:{account}';
    const athena = 'arn:{partition}:athena:{region}:{account}:workgroup';
    const allowed = [
      may('dynamodb:Query', 'posture-log.Arn'),
      may('dynamodb:Query', 'posture-log.Arn/index/by-rule'),
      may('dynamodb:BatchGetItem', 'posture-orders.Arn', keys('policy')),
      may('s3:GetObject', `${bucket}/log/day=2026-11-30/000000000001.jsonl`),
      may('s3:GetObject', `${bucket}/seals/000000000001.json`),
      may('s3:ListBucket', `${bucket}`),
      may('athena:StartQueryExecution', `${athena}/posture`),
      may('glue:GetTable', `${glue}:table/posture/log`),
      may('s3:PutObject', `${results}/x.csv`),
    ];
    expect(allowed).toEqual(allowed.map(() => true));
    const refused = [
      may('dynamodb:BatchGetItem', 'posture-orders.Arn', keys('stop')),
      may('dynamodb:BatchGetItem', 'posture-orders.Arn'),
      may('dynamodb:GetItem', 'posture-coordination.Arn', keys('archive')),
      may('dynamodb:PartiQLInsert', 'posture-log.Arn', keys('local/x/y/z')),
      may('s3:PutObject', `${bucket}/log/day=2026-11-30/000000000001.jsonl`),
      may('s3:DeleteObject', `${results}/x.csv`),
      may('s3:GetObject', 'another.Arn/x'),
      may('athena:StartQueryExecution', `${athena}/primary`),
      may('glue:GetTable', `${glue}:table/other/log`),
      may('lambda:InvokeFunction', 'arn:{partition}:lambda:{region}:{account}:function:posture-control'),
    ];
    expect(refused).toEqual(refused.map(() => false));
  });
});

describe('the queries of auditors', () => {
  it('are in a workgroup of their own, whose results expire, are encrypted, and which nobody can lead elsewhere', () => {
    expect(named('AWS::Athena::WorkGroup', 'posture')).toMatchObject({
      WorkGroupConfiguration: {
        EnforceWorkGroupConfiguration: true,
        BytesScannedCutoffPerQuery: 50_000_000_000,
        ResultConfiguration: {
          OutputLocation: `s3://${idOf('AWS::S3::Bucket', 'ArchiveResults')}.Ref`,
          EncryptionConfiguration: { EncryptionOption: 'SSE_S3' },
        },
      },
    });
    const results = all('AWS::S3::Bucket').find(({ logicalId }) => logicalId.startsWith('ArchiveResults'))?.properties;
    expect(results.LifecycleConfiguration.Rules).toMatchObject([{ Status: 'Enabled', ExpirationInDays: 7 }]);
  });

  it('read the keys that the function writes, by day and without a crawler', () => {
    const tables = all('AWS::Glue::Table').map(({ properties }) => properties);
    expect(tables.map(({ TableInput }) => TableInput.Name)).toEqual(['log', 'lines']);
    const bucket = `${idOf('AWS::S3::Bucket', 'ArchiveBucket')}.Ref`;
    for (const { DatabaseName, TableInput } of tables) {
      expect(DatabaseName).toBe('posture');
      expect(TableInput.Parameters).toMatchObject({
        'projection.enabled': 'true',
        'projection.day.type': 'date',
        'storage.location.template': `s3://${bucket}/log/day=\${day}/`,
      });
      expect(TableInput.PartitionKeys).toEqual([expect.objectContaining({ Name: 'day', Type: 'string' })]);
    }
  });
});
