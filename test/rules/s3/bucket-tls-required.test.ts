import { DeleteBucketPolicyCommand, GetBucketPolicyCommand, PutBucketPolicyCommand, PutPublicAccessBlockCommand } from '@aws-sdk/client-s3';
import type { JsonObject } from '../../../rules/json';
import type { Aws, AwsCommand, Change, Plan } from '../../../rules/rule';
import rule from '../../../rules/s3/bucket-tls-required';
import { describeRule } from '../../contract/describe-rule';
import { planOf } from '../../contract/plan-of';
import type { Start, World } from '../../contract/scenario';
import * as fc from '../../fast-check';
import { newBucket } from './new-bucket';

const arnOf = (bucket: string) => `arn:aws:s3:::${bucket}`;
const ourStatement = (bucket: string, Sid = 'PostureRequireTls'): JsonObject => ({
  Sid,
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: [arnOf(bucket), `${arnOf(bucket)}/*`],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});
const reading = (bucket: string): JsonObject => ({
  Sid: 'Reading',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::444455556666:root' },
  Action: 's3:GetObject',
  Resource: `${arnOf(bucket)}/*`,
});
const writing = (bucket: string): JsonObject => ({ ...reading(bucket), Sid: 'Writing', Action: ['s3:PutObject'] });

const ofOurs = { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } };

describeRule(rule, {
  violations: {
    'a bucket without a policy': {
      seed: newBucket,
      fixed: async (world, id) =>
        expect(await policyOf(world, id)).toEqual(JSON.stringify({ Version: '2012-10-17', Statement: [ourStatement(id)] })),
      rolledBack: async (world, id) => expect(await policyOf(world, id)).toBeUndefined(),
    },
    'a bucket whose policy has statements, a name and an old version': {
      seed: bucketWith((id) => ({ Version: '2008-10-17', Id: 'theirs', Statement: [writing(id), reading(id)] })),
      fixed: async (world, id) =>
        expect(await policyOf(world, id)).toBe(
          JSON.stringify({ Version: '2008-10-17', Id: 'theirs', Statement: [writing(id), reading(id), ourStatement(id)] }),
        ),
    },
    'a bucket whose policy has one statement as an object, and no version': {
      seed: bucketWith((id) => ({ Statement: reading(id) }), 2),
      fixed: async (world, id) => expect(await policyOf(world, id)).toBe(JSON.stringify({ Statement: [reading(id), ourStatement(id)] })),
      rolledBack: async (world, id) => expect(await policyOf(world, id)).toBe(JSON.stringify({ Statement: reading(id) }, null, 2)),
    },
    'a bucket whose policy has our statement id for something else': {
      seed: bucketWith((id) => ({ Statement: [{ ...reading(id), Sid: 'PostureRequireTls' }] })),
      fixed: async (world, id) => expect((await statementsOf(world, id))[1]).toEqual(ourStatement(id, 'PostureRequireTls2')),
    },
    'a bucket that lets in those of an organization alone, and blocks public policies': {
      seed: blockingPublicPolicies((id) => ({ Statement: [{ ...reading(id), Principal: '*', Condition: ofOurs }] })),
      fixed: async (world, id) => expect((await statementsOf(world, id))[0]).toMatchObject({ Principal: '*', Condition: ofOurs }),
    },
    'a bucket that refuses plain HTTP for its objects alone': {
      seed: bucketWith((id) => ({ Statement: [{ ...ourStatement(id), Sid: 'Objects', Resource: `${arnOf(id)}/*` }] })),
      fixed: async (world, id) => expect(await statementsOf(world, id)).toHaveLength(2),
    },
    'a bucket to whose policy others have added since': {
      seed: bucketWith((id) => ({ Id: 'theirs', Statement: [reading(id)] })),
      meanwhile: async (world, id) => {
        const [first, ours] = await statementsOf(world, id);
        await put(world, id, { Id: 'theirs', Statement: [first, writing(id), ours] });
      },
      rolledBack: async (world, id) =>
        expect(await policyOf(world, id)).toBe(JSON.stringify({ Id: 'theirs', Statement: [reading(id), writing(id)] })),
    },
    'a bucket that had no policy, and to which others have added since': {
      seed: newBucket,
      meanwhile: (world, id) => put(world, id, { Version: '2012-10-17', Statement: [ourStatement(id), reading(id)] }),
      rolledBack: async (world, id) => expect(await statementsOf(world, id)).toEqual([reading(id)]),
    },
    'a bucket in whose policy nothing but our statement is left': {
      seed: bucketWith((id) => ({ Statement: [reading(id)] })),
      meanwhile: (world, id) => put(world, id, { Statement: ourStatement(id) }),
      rolledBack: async (world, id) => expect(await policyOf(world, id)).toBeUndefined(),
    },
    'a bucket from whose policy others have taken our statement': {
      seed: bucketWith((id) => ({ Statement: [reading(id)] })),
      meanwhile: (world, id) => put(world, id, { Statement: [writing(id)] }),
      rolledBack: async (world, id) => expect(await statementsOf(world, id)).toEqual([writing(id)]),
    },
    'a bucket whose policy others have deleted': {
      seed: bucketWith((id) => ({ Statement: [reading(id)] })),
      meanwhile: async (world, id) => void (await world.send(new DeleteBucketPolicyCommand({ Bucket: id }))),
      rolledBack: async (world, id) => expect(await policyOf(world, id)).toBeUndefined(),
    },
    'a bucket where others have changed our statement': {
      seed: newBucket,
      meanwhile: (world, id) => put(world, id, { Statement: [{ ...ourStatement(id), Action: ['s3:*', 'sts:*'] }, reading(id)] }),
      rollback: 'rollback-refused',
    },
    'a bucket whose policy others have made unreadable': {
      seed: newBucket,
      meanwhile: (world, id) => putText(world, id, '{"Statement":'),
      rollback: 'rollback-refused',
    },
  },
  compliant: {
    'a bucket with the very statement': startWith((id) => [ourStatement(id)]),
    'a bucket with it under another id, beside others': startWith((id) => [reading(id), ourStatement(id, 'AllowSSLRequestsOnly')]),
    'a bucket with it in other words': startWith((id) => [
      {
        Effect: 'Deny',
        Principal: { AWS: ['*'] },
        Action: ['S3:*'],
        Resource: [`${arnOf(id)}/*`, arnOf(id)],
        Condition: { Bool: { 'AWS:SECURETRANSPORT': [false] } },
      },
    ]),
    'a bucket with it in two statements': startWith((id) => [
      { ...ourStatement(id, 'Objects'), Resource: `${arnOf(id)}/*` },
      { ...ourStatement(id, 'Bucket'), Resource: arnOf(id), Principal: { AWS: '*' }, Action: '*' },
    ]),
    'a bucket that refuses plain HTTP for all that there is': startWith((id) => [{ ...ourStatement(id, 'All'), Resource: '*' }]),
    'a bucket that refuses it by a prefix of its name': startWith((id) => [{ ...ourStatement(id, 'All'), Resource: `${arnOf(id)}*` }]),
  },
  obstacles: {
    'a policy that is not JSON': {
      seed: bucketWithText('{"Statement": [}'),
      outcome: 'unfixable',
      reason: /cannot be parsed as JSON and rewritten without loss/,
    },
    'a policy with a key that stands twice': {
      seed: bucketWithText('{"Statement":[{"Effect":"Allow","Effect":"Deny"}]}'),
      outcome: 'unfixable',
      reason: /without loss/,
    },
    'a policy with no room left': {
      seed: bucketWith((id) => ({ Id: 'x'.repeat(20 * 1024 - 300), Statement: [reading(id)] })),
      outcome: 'unfixable',
      reason: /would have \d+ bytes\. S3 accepts up to 20480/,
    },
    'a policy that names a deleted role': {
      seed: bucketWith((id) => ({ Statement: [{ ...reading(id), Principal: { AWS: ['444455556666', 'AROAEXAMPLE1234567890'] } }] })),
      outcome: 'unfixable',
      reason: /names AROAEXAMPLE1234567890, a deleted user or role/,
    },
  },
  missing: 'no-such-bucket-anywhere',
});

describe('a statement that is nearly enough', () => {
  it.each<[string, JsonObject]>([
    ['allows', { Effect: 'Allow' }],
    ['is for one account', { Principal: { AWS: '444455556666' } }],
    ['is for a service', { Principal: { Service: '*' } }],
    ['is for all but one', { Principal: undefined, NotPrincipal: { AWS: '444455556666' } }],
    ['is about some actions', { Action: ['s3:Get*', 's3:Put*'] }],
    ['is about all actions but one', { Action: undefined, NotAction: 's3:GetObject' }],
    ['is about the actions of another service', { Action: 'sqs:*' }],
    ['is about the objects alone', { Resource: 'arn:aws:s3:::b/*' }],
    ['is about the bucket alone', { Resource: 'arn:aws:s3:::b' }],
    ['is about some objects', { Resource: ['arn:aws:s3:::b', 'arn:aws:s3:::b/public/*'] }],
    ['is about a lone object', { Resource: ['arn:aws:s3:::b', 'arn:aws:s3:::b/'] }],
    ['is about objects whose names end so', { Resource: ['arn:aws:s3:::b', 'arn:aws:s3:::b/*.txt'] }],
    ['is about each user’s own objects', { Resource: ['arn:aws:s3:::b', `arn:aws:s3:::b/\${aws:username}*`] }],
    ['is about another bucket', { Resource: ['arn:aws:s3:::bb', 'arn:aws:s3:::bb/*'] }],
    ['is about all else', { Resource: undefined, NotResource: 'arn:aws:s3:::c' }],
    ['is about requests with TLS', { Condition: { Bool: { 'aws:SecureTransport': 'true' } } }],
    ['compares another way', { Condition: { StringEquals: { 'aws:SecureTransport': 'false' } } }],
    ['is about any transport', { Condition: { Bool: { 'aws:SecureTransport': [] } } }],
    ['has one more key', { Condition: { Bool: { 'aws:SecureTransport': 'false', 'aws:ViaAWSService': 'false' } } }],
    ['has one more operator', { Condition: { Bool: { 'aws:SecureTransport': 'false' }, IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }],
    ['has another key', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } } }],
  ])('is not enough where it %s', (_, over) => {
    expect(changesFor([{ ...ourStatement('b', 'Theirs'), ...over }])).toHaveLength(1);
  });
});

describe('a policy that lets everybody in', () => {
  const open = { ...reading('b'), Principal: { AWS: ['*'] } };
  const blocking = { PublicAccessBlockConfiguration: { BlockPublicPolicy: true } };
  const absence = Object.assign(new Error(), { name: 'NoSuchPublicAccessBlockConfiguration' });

  /** What is planned for it, and what was asked, where the bucket and the account block such. */
  async function planned(statements: readonly JsonObject[], ofBucket: object, ofAccount: object, IsPublic = true) {
    const asked: object[] = [];
    const aws: Aws = {
      async send<Output>(command: AwsCommand<Output>) {
        asked.push(command.input);
        const blocks = 'AccountId' in command.input ? ofAccount : ofBucket;
        const answers: Readonly<Record<string, object>> = {
          GetBucketPolicyCommand: { Policy: JSON.stringify({ Statement: statements }) },
          GetPublicAccessBlockCommand: blocks,
          GetBucketPolicyStatusCommand: { PolicyStatus: { IsPublic } },
        };
        const answer = answers[command.constructor.name];
        if (answer instanceof Error) throw answer;
        return answer as Output;
      },
    };
    return { plan: planOf(rule, bucket, await rule.inspect(bucket, aws), context), asked };
  }

  it.each<[string, object, object]>([
    ['the bucket', blocking, absence],
    ['the account', absence, blocking],
    ['the account, and the bucket blocks something else', { PublicAccessBlockConfiguration: { BlockPublicAcls: true } }, blocking],
  ])('is left alone where %s blocks it, for S3 would not take it again', async (_who, ofBucket, ofAccount) => {
    const { plan, asked } = await planned([writing('b'), open], ofBucket, ofAccount);
    expect(plan).toEqual({ unfixable: expect.stringContaining('Block Public Access'), code: 'public-policy-blocked' });
    for (const input of asked)
      expect(input).toMatchObject(
        'AccountId' in input ? { AccountId: '111122223333' } : { Bucket: 'b', ExpectedBucketOwner: '111122223333' },
      );
  });

  it('gets the statement where nobody blocks it, or S3 does not count it as public, or it is there already', async () => {
    expect((await planned([open], absence, absence)).plan).toHaveLength(1);
    expect((await planned([open], blocking, blocking, false)).plan).toHaveLength(1);
    expect((await planned([open, ourStatement('b')], blocking, blocking)).plan).toEqual([]);
  });

  it('is asked after nowhere else', async () => {
    const { plan, asked } = await planned([reading('b'), { ...open, Effect: 'Deny' }], blocking, blocking);
    expect(plan).toHaveLength(1);
    expect(asked).toHaveLength(1);
  });
});

describe('taking back', () => {
  const before = stateWith([]);
  const revertOwnPart = (now: readonly JsonObject[], after = now) =>
    rule.revertOwnPart?.(bucket, stateWith(now), { before, after: stateWith(after), parameters: {} });

  it('is refused where two statements have our id', () => {
    expect(revertOwnPart([ourStatement('b'), ourStatement('b')], [ourStatement('b')])).toBeUndefined();
  });

  it('is refused where our statement says something else, also when the log does not say how it was made', () => {
    expect(revertOwnPart([{ ...ourStatement('b'), Resource: 'arn:aws:s3:::b/*' }])).toBeUndefined();
    expect(revertOwnPart([ourStatement('b')])).toHaveLength(1);
  });
});

it('names the bucket in its own partition', () => {
  const plan = rule.plan({ ...bucket, partition: 'aws-cn', arn: 'arn:aws-cn:s3:::b' }, { policy: null }, context);
  expect(policyIn(plan)).toContain('"Resource":["arn:aws-cn:s3:::b","arn:aws-cn:s3:::b/*"]');
});

it('counts bytes, not characters', () => {
  const roomy = (sign: string) => JSON.stringify({ Id: sign.repeat(7000), Statement: [] });
  expect(rule.plan(bucket, { policy: roomy('x') }, context)).toHaveLength(1);
  expect(rule.plan(bucket, { policy: roomy('€') }, context)).toMatchObject({ unfixable: expect.stringContaining('Shorten it first') });
});

it('asks for a bucket of the account of the finding alone', async () => {
  const sent: object[] = [];
  const aws = {
    async send(command: { input: object }) {
      sent.push(command.input);
      return {} as never;
    },
  };
  await rule.inspect(bucket, aws);
  sent.push(...(rule.plan(bucket, { policy: null }, context) as readonly Change[]).flatMap(inputs));
  expect(sent).toHaveLength(3);
  for (const input of sent) expect(input).toMatchObject({ Bucket: 'b', ExpectedBucketOwner: '111122223333' });
});

describe('whatever the policy', () => {
  const theirs = fc.array(
    fc
      .record({ Sid: fc.constantFrom('One', 'PostureRequireTls', 'PostureRequireTls2'), Effect: fc.constantFrom('Allow', 'Deny') })
      .chain((own) =>
        fc.dictionary(fc.stringMatching(/^[A-Z][a-z]{0,8}$/), fc.jsonValue()).map((rest) => ({ ...rest, ...own }) as JsonObject),
      ),
    { maxLength: 4 },
  );

  it('keeps every statement in its place, adds one under an id of its own, and is then content', () => {
    fc.assert(
      fc.property(theirs, (statements) => {
        const merged = policyIn(rule.plan(bucket, stateWith(statements), context));
        const { Statement } = JSON.parse(merged) as { Statement: JsonObject[] };
        expect(JSON.stringify(Statement.slice(0, -1))).toBe(JSON.stringify(statements));
        expect(statements.map(({ Sid }) => Sid)).not.toContain(Statement.at(-1)?.Sid);
        expect(rule.plan(bucket, { policy: merged }, context)).toEqual([]);
      }),
    );
  });

  it('takes back its own statement alone, wherever others have put theirs', () => {
    fc.assert(
      fc.property(theirs, fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 3 }), fc.nat(8), (statements, added, place) => {
        const before = stateWith(statements);
        const after = { policy: policyIn(rule.plan(bucket, before, context)) };
        const { Statement, ...rest } = JSON.parse(after.policy) as { Statement: JsonObject[] };
        const mixed = Statement.toSpliced(place, 0, ...added.map((text) => ({ Sid: `Added${text}` })));
        const now = { policy: JSON.stringify({ ...rest, Statement: mixed }) };
        const [command, ...more] = rule.revertOwnPart?.(bucket, now, { before, after, parameters: {} }) ?? [];
        expect(more).toEqual([]);
        const left = JSON.parse(textIn(command)) as { Statement: JsonObject[] };
        expect(left.Statement).toEqual(mixed.filter(({ Sid }) => Sid !== Statement.at(-1)?.Sid));
      }),
    );
  });
});

const bucket = {
  type: 'AWS::S3::Bucket',
  id: 'b',
  arn: 'arn:aws:s3:::b',
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
};
const context = { parameters: {}, detectedBy: 'S3.5', now: new Date(0) };
const changesFor = (statements: readonly JsonObject[]): Plan => rule.plan(bucket, stateWith(statements), context);
const inputs = (change: Change): readonly object[] =>
  [change.do, ...('undo' in change && change.undo !== 'revert-own-part' ? [change.undo] : [])].map(({ input }) => input);
const textIn = (command: AwsCommand | undefined): string => (command?.input as { Policy?: string } | undefined)?.Policy ?? '';
const policyIn = (plan: Plan): string => textIn((plan as readonly Change[])[0]?.do);

const putText = async (world: World, Bucket: string, Policy: string): Promise<void> =>
  void (await world.send(new PutBucketPolicyCommand({ Bucket, Policy })));
const put = (world: World, id: string, policy: object) => putText(world, id, JSON.stringify(policy));

const policyOf = async (world: World, Bucket: string): Promise<string | undefined> =>
  world.send(new GetBucketPolicyCommand({ Bucket })).then(
    ({ Policy }) => Policy,
    (error: Error) => {
      if (error.name === 'NoSuchBucketPolicy') return undefined;
      throw error;
    },
  );
const statementsOf = async (world: World, id: string): Promise<readonly JsonObject[]> =>
  (JSON.parse((await policyOf(world, id)) ?? '') as { Statement: JsonObject[] }).Statement;

/** A bucket with such a policy, which takes no public one from now on. */
function blockingPublicPolicies(policy: (id: string) => object) {
  return async (world: World): Promise<string> => {
    const Bucket = await bucketWith(policy)(world);
    await world.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: { BlockPublicPolicy: true } }));
    return Bucket;
  };
}

function bucketWith(policy: (id: string) => object, indent?: number) {
  return async (world: World): Promise<string> => {
    const id = await newBucket(world);
    await putText(world, id, JSON.stringify(policy(id), null, indent));
    return id;
  };
}

function bucketWithText(text: string) {
  return async (world: World): Promise<string> => {
    const id = await newBucket(world);
    await putText(world, id, text);
    return id;
  };
}

function startWith(statements: (id: string) => readonly JsonObject[]): Start {
  return { seed: bucketWith((id) => ({ Version: '2012-10-17', Statement: statements(id) })) };
}

function stateWith(statements: readonly JsonObject[]) {
  return { policy: JSON.stringify({ Statement: statements }) };
}
