import { GetBucketPolicyCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand, GetQueueAttributesCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { rollback } from '../../functions/rollback/rollback';
import type { JsonObject } from '../../rules/json';
import type { Aws, AwsCommand, Rule } from '../../rules/rule';
import ownAccountOnly from '../../rules/s3/bucket-settings-own-account-only';
import tlsRequired from '../../rules/s3/bucket-tls-required';
import queuePolicy from '../../rules/sqs/queue-policy-not-public';
import { type Bench, useBench } from '../contract/bench';
import type { World } from '../contract/scenario';
import { badBucket, fix } from '../remediate/setup';

const buckets = useBench(tlsRequired as unknown as Rule, {});
const queues = useBench(queuePolicy as unknown as Rule, {});

const foreign = useBench(ownAccountOnly as unknown as Rule, {});

interface Document {
  readonly id: string;
  read(): Promise<readonly JsonObject[]>;
  put(statements: readonly JsonObject[]): Promise<unknown>;
}

/** The change is made, AWS refuses its verification for some minutes, and meanwhile somebody does something. */
async function verifiedLate(
  bench: Bench,
  create: (world: World) => Promise<Document>,
  meanwhile?: (document: Document) => Promise<unknown>,
) {
  const world = await bench.world();
  const document = await create(world);
  const before = await document.read();
  const { finding, resource } = bench.finding(world, document.id);
  let isRefused = false;
  const connect = (place: object): Aws => {
    const aws = bench.connect(place as never);
    const send = async (command: AwsCommand) => {
      if (isRefused) throw Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });
      const answer = await aws.send(command);
      isRefused = command instanceof PutBucketPolicyCommand || command instanceof SetQueueAttributesCommand;
      return answer;
    };
    return { send: send as Aws['send'] };
  };
  const first = await bench.handle(finding, fix, { connect });
  expect(first).toMatchObject({ outcome: 'incomplete' });
  await bench.clock.sleep(900_000);
  await meanwhile?.(document);
  expect(await bench.handle(finding, fix)).toMatchObject({ outcome: 'fixed', remediation: first.remediation });
  const [verified] = (await bench.log.read(first.remediation)).slice(-1);
  expect(verified).toMatchObject({ kind: 'verified', late: true });
  const undo = (force = false) => rollback({ remediation: first.remediation, force }, bench.rollbackTools(resource));
  return { document, before, undo };
}

/** The change is made, and right after it, before its verification, somebody does something. */
async function changedBeside(bench: Bench, create: (world: World) => Promise<Document>) {
  const world = await bench.world();
  const document = await create(world);
  const { finding, resource } = bench.finding(world, document.id);
  const connect = (place: object): Aws => {
    const aws = bench.connect(place as never);
    const send = async (command: AwsCommand) => {
      const answer = await aws.send(command);
      if (command instanceof PutBucketPolicyCommand || command instanceof SetQueueAttributesCommand) await addStatement(document);
      return answer;
    };
    return { send: send as Aws['send'] };
  };
  const { outcome, remediation } = await bench.handle(finding, fix, { connect });
  expect(outcome).toBe('fixed');
  return { document, undo: () => rollback({ remediation, force: false }, bench.rollbackTools(resource)) };
}

const statement = (account: string, action: string, Resource: string): JsonObject => ({
  Sid: 'others',
  Effect: 'Allow',
  Principal: { AWS: account },
  Action: action,
  Resource,
});

const text = (Statement: readonly JsonObject[]) => JSON.stringify({ Version: '2012-10-17', Statement });

const statementsIn = (policy: string): readonly JsonObject[] =>
  (JSON.parse(policy) as { readonly Statement: readonly JsonObject[] }).Statement;

async function bucket(world: World): Promise<Document> {
  const Bucket = await badBucket(world);
  const put = (statements: readonly JsonObject[]) => world.send(new PutBucketPolicyCommand({ Bucket, Policy: text(statements) }));
  await put([{ ...statement(world.account, 's3:GetObject', `arn:aws:s3:::${Bucket}/*`), Sid: 'first' }]);
  return { id: Bucket, put, read: async () => statementsIn((await world.send(new GetBucketPolicyCommand({ Bucket }))).Policy ?? '') };
}

/** Its policy lets another account change it. */
async function shared(world: World): Promise<Document> {
  const document = await bucket(world);
  const resource = `arn:aws:s3:::${document.id}`;
  const partner = statement('arn:aws:iam::444455556666:root', 's3:PutBucketPolicy', resource);
  await document.put([...(await document.read()), { ...partner, Sid: 'partner' }]);
  return document;
}

async function queue(world: World): Promise<Document> {
  const id = `late-${Math.random().toString(36).slice(2)}`;
  const { QueueUrl = '' } = await world.send(new CreateQueueCommand({ QueueName: id }));
  const put = (statements: readonly JsonObject[]) =>
    world.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: text(statements) } }));
  const own = statement(world.account, 'sqs:SendMessage', `arn:aws:sqs:${world.region}:${world.account}:${id}`);
  await put([
    { ...own, Sid: 'first' },
    { ...own, Sid: 'anybody', Principal: '*' },
  ]);
  const read = async () => {
    const { Attributes } = await world.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy'] }));
    return statementsIn(Attributes?.Policy ?? '');
  };
  return { id, put, read };
}

const addStatement = async ({ read, put }: Document) => {
  const statements = await read();
  const [first] = statements;
  await put([...statements, { ...first, Sid: 'others' }]);
};

const sids = (statements: readonly JsonObject[]) => statements.map(({ Sid }) => Sid);

describe('a change that is verified only later', () => {
  it('is rolled back by its own part, without the statement that somebody added before the verification', async () => {
    const { document, undo } = await verifiedLate(buckets, bucket, addStatement);
    expect(await undo()).toMatchObject({ outcome: 'rolled-back' });
    expect(sids(await document.read())).toEqual(['first', 'others']);
  });

  it('is not rolled back without force, if the rule has no own part and somebody added a statement', async () => {
    const { document, before, undo } = await verifiedLate(queues, queue, addStatement);
    const present = await document.read();
    expect(sids(present)).toEqual(['first', 'others']);
    expect(await undo()).toMatchObject({ outcome: 'rollback-refused', reason: expect.stringContaining('verified only later') });
    expect(await document.read()).toEqual(present);
    expect(await undo(true)).toMatchObject({ outcome: 'rolled-back' });
    expect(await document.read()).toEqual(before);
  });

  it('is not rolled back without force, if the rule knows its part only by what differs', async () => {
    const { document, undo } = await verifiedLate(foreign, shared, addStatement);
    const present = await document.read();
    expect(sids(present)).toEqual(['first', 'others']);
    expect(await undo()).toMatchObject({ outcome: 'rollback-refused', reason: expect.stringContaining('verified only later') });
    expect(await document.read()).toEqual(present);
  });

  it('is rolled back exactly, if nothing but the change differs', async () => {
    const { document, before, undo } = await verifiedLate(queues, queue);
    expect(await undo()).toMatchObject({ outcome: 'rolled-back' });
    expect(await document.read()).toEqual(before);
  });
});

describe('a change beside which somebody adds a statement', () => {
  it('is rolled back by its own part, without that statement', async () => {
    const { document, undo } = await changedBeside(buckets, bucket);
    expect(await undo()).toMatchObject({ outcome: 'rolled-back' });
    expect(sids(await document.read())).toEqual(['first', 'others']);
  });

  it('is not rolled back without force, if the rule has no own part', async () => {
    const { document, undo } = await changedBeside(queues, queue);
    const present = await document.read();
    expect(await undo()).toMatchObject({ outcome: 'rollback-refused', reason: expect.stringContaining('shows more than its changes') });
    expect(await document.read()).toEqual(present);
  });
});
