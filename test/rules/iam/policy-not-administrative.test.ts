import {
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  SetDefaultPolicyVersionCommand,
} from '@aws-sdk/client-iam';
import { isChanges } from '../../../functions/plan/change';
import { policy } from '../../../rules/iam/policy/resource';
import rule from '../../../rules/iam/policy-not-administrative';
import type { Aws, AwsCommand, Json } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import * as fc from '../../fast-check';

const everything = { Effect: 'Allow', Action: '*', Resource: '*' };
const reading = {
  Sid: 'Read',
  Effect: 'Allow',
  Action: ['s3:GetObject'],
  Resource: '*',
  Condition: { Bool: { 'aws:SecureTransport': true } },
};
const harmless = { Effect: 'Allow', Action: 'sts:GetCallerIdentity', Resource: '*' };

describeRule(rule, {
  violations: {
    'a policy that allows everything beside something': {
      seed: policyWith([reading, { ...everything, Sid: 'All' }]),
      configId: async (world, PolicyArn) => (await world.send(new GetPolicyCommand({ PolicyArn }))).Policy?.PolicyId ?? '',
      fixed: (world, arn) => expectStatements(world, arn, [reading]),
      rolledBack: (world, arn) => expectStatements(world, arn, [reading, { ...everything, Sid: 'All' }]),
    },
    'a policy of one statement that allows everything, in lists': {
      seed: policyWith({ ...everything, Action: ['*'], Resource: ['*'], Condition: {} }, '/teams/red/'),
      fixed: (world, arn) => expectStatements(world, arn, [harmless]),
    },
    'a policy that names actions and resources beside all': {
      seed: policyWith([{ ...everything, Sid: 'All', Action: ['s3:*', '*:*'], Resource: ['arn:aws:s3:::logs', '*'] }]),
      fixed: (world, arn) =>
        expectStatements(world, arn, [
          { Sid: 'All', Effect: 'Allow', Action: ['s3:*'], Resource: ['arn:aws:s3:::logs', '*'] },
          { Effect: 'Allow', Action: ['s3:*', '*:*'], Resource: ['arn:aws:s3:::logs'] },
        ]),
    },
    'a policy whose fixed version somebody replaces before the rollback': {
      seed: policyWith([everything]),
      meanwhile: (world, PolicyArn) => newVersion(world, PolicyArn, [reading]),
      rollback: 'rollback-refused',
    },
  },
  compliant: {
    'a policy that allows all of one service': { seed: policyWith([{ ...everything, Action: 's3:*' }]) },
    'a policy that allows everything on one resource': { seed: policyWith([{ ...everything, Resource: 'arn:aws:s3:::logs/*' }]) },
    'a policy that denies everything': { seed: policyWith([{ ...everything, Effect: 'Deny' }]) },
    'a policy whose earlier version allows everything': {
      seed: async (world) => {
        const arn = await policyWith([everything])(world);
        await newVersion(world, arn, [reading]);
        return arn;
      },
    },
  },
  obstacles: {
    'a policy that allows everything under a condition': {
      seed: policyWith([everything, { ...everything, Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }]),
      outcome: 'unfixable',
      reason: /under a condition/,
    },
    'a policy with as many versions as IAM keeps': {
      seed: async (world) => {
        const arn = await policyWith([everything])(world);
        for (let number = 2; number <= 5; number += 1) await newVersion(world, arn, [reading]);
        await world.send(new SetDefaultPolicyVersionCommand({ PolicyArn: arn, VersionId: 'v1' }));
        return arn;
      },
      outcome: 'unfixable',
      reason: /has 5 versions/,
    },
  },
  missing: 'no-such-policy',
});

function policyWith(Statement: Json, Path = '/') {
  return async (world: World): Promise<string> => {
    const PolicyName = `policy-${Math.random().toString(36).slice(2)}`;
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    return (await world.send(new CreatePolicyCommand({ PolicyName, Path, PolicyDocument }))).Policy?.Arn ?? '';
  };
}

async function newVersion(world: World, PolicyArn: string, Statement: Json): Promise<void> {
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await world.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument, SetAsDefault: true }));
}

async function expectStatements(world: World, PolicyArn: string, expected: Json): Promise<void> {
  const { Policy } = await world.send(new GetPolicyCommand({ PolicyArn }));
  const { PolicyVersion } = await world.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }));
  expect(JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? ''))).toEqual({ Version: '2012-10-17', Statement: expected });
}

const arn = 'arn:aws:iam::111122223333:policy/all';
const resource = { type: policy.type, id: 'all', arn, partition: 'aws', account: '111122223333', region: 'eu-west-1' };
const context = { parameters: {}, detectedBy: 'IAM.1', now: new Date(0) };
const document = JSON.stringify({ Version: '2012-10-17', Statement: [everything] });

describe('the plan', () => {
  const bounding = { version: 'v1', versions: ['v1'], document, bounded: 2 };

  it('is none for a permissions boundary, which Security Hub leaves out', () => {
    expect(rule.plan(resource, bounding, context)).toEqual([]);
  });

  it('is none for a permissions boundary that AWS Config finds, either', () => {
    expect(rule.plan(resource, bounding, { ...context, detectedBy: 'iam-policy-no-statements-with-admin-access' })).toEqual({
      unfixable: expect.stringContaining('boundary of 2 users and roles'),
      code: 'used-as-boundary',
    });
  });

  it('is none for a policy that JSON.parse would change', () => {
    const state = { version: 'v1', versions: ['v1'], document: document.replace('{', '{"Version":"2008-10-17",'), bounded: 0 };
    expect(rule.plan(resource, state, context)).toEqual({ unfixable: expect.stringContaining('without loss'), code: 'state-unreadable' });
  });

  it('is none where what is left is longer than IAM takes', () => {
    const Resource = ['*', ...Array.from({ length: 60 }, (_, index) => `arn:aws:s3:::bucket-of-a-long-name-${index}/*`)];
    const planFor = (count: number) => {
      const Action = ['*', ...Array.from({ length: count }, (_, index) => `s3:GetObjectNumber${100 + index}`)];
      const text = JSON.stringify({ Statement: { Effect: 'Allow', Action, Resource } }, null, 2);
      return rule.plan(resource, { version: 'v1', versions: ['v1'], document: text, bounded: 0 }, context);
    };
    expect(isChanges(planFor(3))).toBe(true);
    expect(planFor(30)).toEqual({
      unfixable: expect.stringMatching(/still has 6\d{3} characters. IAM allows 6144/),
      code: 'policy-too-large',
    });
  });

  it('allows what was allowed but for everything, and nothing more', () => {
    const action = fc.constantFrom('*', '*:*', 's3:*', 's3:GetObject', 'iam:*');
    const place = fc.constantFrom('*', 'arn:aws:s3:::logs', 'arn:aws:s3:::*');
    const oneOrMore = (value: fc.Arbitrary<string>) => fc.oneof(value, fc.uniqueArray(value, { minLength: 1, maxLength: 3 }));
    const statement = fc.record({
      Effect: fc.constantFrom('Allow', 'Deny'),
      Action: oneOrMore(action),
      Resource: oneOrMore(place),
    });
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1, maxLength: 4 }), (statements) => {
        const text = JSON.stringify({ Version: '2012-10-17', Statement: statements });
        const plan = rule.plan(resource, { version: 'v1', versions: ['v1'], document: text, bounded: 0 }, context);
        if (!isChanges(plan) || !plan[0]) return expect(grantsOf(statements, isEverything)).toEqual([]);
        const { PolicyDocument } = plan[0].do.input as { PolicyDocument: string };
        const left = (JSON.parse(PolicyDocument) as { Statement: typeof statements }).Statement;
        const kept = grantsOf(statements, (grant) => !isEverything(grant));
        expect(grantsOf(left)).toEqual(kept.length > 0 ? kept : ['Allow sts:GetCallerIdentity *']);
      }),
    );
  });

  it.each([
    ['named by what it does not allow', { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }],
    ['without a resource', { Effect: 'Allow', Action: '*' }],
  ])('leaves alone a statement %s', (_, statement) => {
    const plan = rule.plan(
      resource,
      { version: 'v1', versions: ['v1'], document: JSON.stringify({ Statement: statement }), bounded: 0 },
      context,
    );
    expect(isChanges(plan) && plan).toEqual([]);
  });
});

/** Each effect, action and resource of some statements, once. */
function grantsOf(
  statements: readonly { readonly Effect: string; readonly Action: string | string[]; readonly Resource: string | string[] }[],
  isMeant: (grant: string) => boolean = () => true,
): readonly string[] {
  const grants = statements.flatMap(({ Effect, Action, Resource }) =>
    [Action].flat().flatMap((action) => [Resource].flat().map((place) => `${Effect} ${action} ${place}`)),
  );
  return [...new Set(grants.filter(isMeant))].sort();
}

const isEverything = (grant: string): boolean => /^Allow (\*|\*:\*) \*$/.test(grant);

it('takes back no version that is not its own, and none where the earlier one is deleted', () => {
  const before = { version: 'v2', versions: ['v2', 'v3'], document, bounded: 0 };
  const after = { ...before, version: 'v4', versions: ['v2', 'v3', 'v4'] };
  const revertOwnPart = (now: typeof before) =>
    rule.revertOwnPart?.(resource, now, { before, after, parameters: {} })?.map(({ input }: AwsCommand) => input);
  expect(revertOwnPart(after)).toEqual([
    { PolicyArn: arn, VersionId: 'v2' },
    { PolicyArn: arn, VersionId: 'v4' },
  ]);
  expect(revertOwnPart({ ...after, versions: ['v3', 'v4'] })).toBeUndefined();
  expect(revertOwnPart({ ...after, version: 'v3' })).toBeUndefined();
  expect(revertOwnPart({ ...after, version: 'v3', versions: ['v2', 'v3'] })).toEqual([]);
});

it('reads all pages of versions, tags and policies', async () => {
  const pages: Readonly<Record<string, (number: string) => object>> = {
    ListPolicyVersionsCommand: (number) => ({ Versions: [{ VersionId: `v${number}` }] }),
    ListPolicyTagsCommand: (number) => ({ Tags: [{ Key: number, Value: number }] }),
    ListPoliciesCommand: (number) => ({ Policies: [{ Arn: `${arn}${number}`, PolicyId: `ANPA${number}` }] }),
  };
  const aws = {
    async send(command: AwsCommand) {
      if (command instanceof GetPolicyCommand) return { Policy: { DefaultVersionId: 'v1' } };
      if (command instanceof GetPolicyVersionCommand) return { PolicyVersion: { Document: encodeURIComponent(document) } };
      const page = pages[command.constructor.name];
      return (command.input as { Marker?: string }).Marker ? page?.('1') : { ...page?.('2'), IsTruncated: true, Marker: 'more' };
    },
  } as unknown as Aws;
  expect(await rule.inspect(resource, aws)).toEqual({ version: 'v1', versions: ['v1', 'v2'], document, bounded: 0 });
  expect(await rule.list?.(resource, aws)).toEqual([`${arn}2`, `${arn}1`]);
  expect(await policy.tags?.(resource, aws)).toEqual({ 1: '1', 2: '2' });
  expect(await policy.resolve?.('ANPA1', resource, aws)).toEqual([`${arn}1`]);
  expect(await policy.resolve?.('ANPA3', resource, aws)).toEqual([]);
});
