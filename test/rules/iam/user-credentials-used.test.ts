import { GetLoginProfileCommand, GetUserCommand, ListAccessKeysCommand, type ListUsersCommand } from '@aws-sdk/client-iam';
import { isChanges, loggedChange } from '../../../functions/plan/change';
import { user } from '../../../rules/iam/user/resource';
import rule from '../../../rules/iam/user-credentials-used';
import type { Aws, AwsCommand } from '../../../rules/rule';
import { useBench } from '../../contract/bench';
import { describeRule } from '../../contract/describe-rule';
import * as fc from '../../fast-check';
import { ages, expectActive, keysOf, nameIn, uniqueIdOf, useAges, userWith } from './user/seed';

useAges();

const unused = { created: 300, used: 100 };

describeRule(rule, {
  violations: {
    'an unused key beside one in use': {
      seed: userWith({ keys: [unused, { created: 300, used: 1 }] }),
      fixed: (world, arn) => expectActive(world, arn, [false, true]),
      meanwhile: async (world, arn) => {
        const [, inUse = ''] = (await keysOf(world, arn)).map(({ AccessKeyId }) => AccessKeyId);
        ages.set(inUse, { created: 300, used: 0 });
      },
      rolledBack: (world, arn) => expectActive(world, arn, [true, true]),
    },
    'old keys that were never used': {
      seed: userWith({ path: '/robots/build/', keys: [{ created: 90 }, { created: 400 }] }),
      configId: uniqueIdOf,
      fixed: (world, arn) => expectActive(world, arn, [false, false]),
    },
    'a key that was not used for 50 days, by the control that allows 45': {
      seed: userWith({ keys: [{ created: 300, used: 50 }] }),
      detectedBy: 'IAM.22',
    },
    'a key that was not used for 20 days, where the owner allows 10': {
      seed: userWith({ keys: [{ created: 300, used: 20 }] }),
      parameters: { maxCredentialUsageAge: 10 },
    },
    'an unused key and an unused password': {
      seed: userWith({ keys: [unused], password: unused }),
      outcome: 'partly-fixed',
      fixed: async (world, arn) => {
        await expectActive(world, arn, [false]);
        await world.send(new GetLoginProfileCommand({ UserName: nameIn(arn) }));
      },
    },
    'a password that was never used': { seed: userWith({ password: { created: 120 } }), outcome: 'awaiting-approval' },
  },
  compliant: {
    'a user without credentials': { seed: userWith({}) },
    'a young key and a young password that were never used': { seed: userWith({ keys: [{ created: 5 }], password: { created: 5 } }) },
    'a key and a password that were not used for 50 days, by the control that allows 90': {
      seed: userWith({ keys: [{ created: 300, used: 50 }], password: { created: 300, used: 50 } }),
    },
    'an unused key that is inactive': { seed: userWith({ keys: [unused], inactive: true }) },
    'a new password of a user who had another long ago': { seed: userWith({ password: { created: 3, used: 200 } }) },
  },
  obstacles: {
    'a user of that name under another path': {
      seed: async (world) => (await userWith({ path: '/new/', keys: [unused] })(world)).replace('/new/', '/old/'),
      outcome: 'resource-not-found',
    },
  },
  missing: 'nobody-of-that-name',
});

describe('a user of a service', () => {
  const bench = useBench(rule, {});

  it('is left alone by its tag', async () => {
    const world = await bench.world();
    const arn = await userWith({ keys: [unused], tags: [{ Key: 'posture:exempt', Value: rule.id }] })(world);
    const { finding } = bench.finding(world, arn);
    expect(await bench.handle(finding, { mode: 'fix', parameters: {} })).toMatchObject({ outcome: 'exempt' });
    await expectActive(world, arn, [true]);
  });
});

describe('the plan', () => {
  const now = new Date('2026-10-01T12:00:00Z');
  const resource = { type: user.type, id: 'ann', arn: 'arn:aws:iam::1:user/ann', partition: 'aws', account: '1', region: 'eu-west-1' };
  const plan = (state: Parameters<typeof rule.plan>[1]) => {
    const changes = rule.plan(resource, state, { parameters: {}, detectedBy: 'IAM.8', now });
    if (!isChanges(changes)) throw new Error('An obstacle.');
    return changes.map(loggedChange);
  };

  it('deletes a password after all that can be undone, and calls it irreversible', () => {
    const old = { created: '2025-01-01T00:00:00.000Z' };
    const [key, password] = plan({ password: old, keys: [{ id: 'AKIAIOSFODNN7EXAMPL1', times: old }] });
    expect(key).toMatchObject({
      do: { operation: 'UpdateAccessKey' },
      undo: { input: { AccessKeyId: 'AKIAIOSFODNN7EXAMPL1', Status: 'Active' } },
    });
    expect(password).toMatchObject({ do: { operation: 'DeleteLoginProfile', input: { UserName: 'ann' } } });
    expect(password).toHaveProperty('irreversible');
  });

  it('never touches a credential that was used or made within the days of the control', () => {
    const day = 86_400_000;
    const ago = (days: number) => new Date(now.getTime() - days * day).toISOString();
    const ages = fc.double({ min: 0, max: 500, noNaN: true });
    const times = fc.tuple(ages, fc.option(ages, { nil: undefined }));
    const timesOf = ([created, used]: readonly [number, number | undefined]) => ({
      created: ago(created),
      ...(used !== undefined && { used: ago(used) }),
    });
    const limits = fc.constantFrom<[string, number]>(['IAM.8', 90], ['IAM.22', 45], ['iam-user-unused-credentials-check', 90]);
    const chosen = fc.option(fc.integer({ min: 1, max: 365 }), { nil: undefined });
    fc.assert(
      fc.property(
        fc.option(times, { nil: undefined }),
        fc.array(times, { maxLength: 2 }),
        limits,
        chosen,
        (password, keys, [detectedBy, usual], own) => {
          const state = {
            ...(password && { password: timesOf(password) }),
            keys: keys.map((one, index) => ({ id: `AKIAIOSFODNN7EXAMPL${index}`, times: timesOf(one) })),
          };
          const parameters = own === undefined ? {} : { maxCredentialUsageAge: own };
          const changes = rule.plan(resource, state, { parameters, detectedBy, now });
          if (!isChanges(changes)) throw new Error('An obstacle.');
          const inputs = changes.map(({ do: { input } }) => input as { readonly AccessKeyId?: string });
          const isOld = ([created, used = created]: readonly [number, number | undefined]) => Math.min(created, used) >= (own ?? usual);
          const old = keys.flatMap((one, index) => (isOld(one) ? `AKIAIOSFODNN7EXAMPL${index}` : []));
          expect(inputs.flatMap(({ AccessKeyId }) => AccessKeyId ?? [])).toEqual(old);
          expect(inputs.some(({ AccessKeyId }) => AccessKeyId === undefined)).toBe(password !== undefined && isOld(password));
        },
      ),
    );
  });

  it('calls a credential unused after 90 whole days, and not a moment before', () => {
    expect(plan({ keys: [{ id: 'AKIAIOSFODNN7EXAMPL1', times: { created: '2026-07-03T12:00:00.001Z' } }] })).toEqual([]);
    expect(plan({ keys: [{ id: 'AKIAIOSFODNN7EXAMPL1', times: { created: '2026-07-03T12:00:00.000Z' } }] })).toHaveLength(1);
  });
});

it('has the keys of all pages in its state, sorted', async () => {
  const arn = 'arn:aws:iam::1:user/ann';
  const pages: Record<string, object> = {
    first: {
      AccessKeyMetadata: [{ AccessKeyId: 'AKIAIOSFODNN7EXAMPL2' }, { AccessKeyId: 'AKIAIOSFODNN7EXAMPL3' }],
      IsTruncated: true,
      Marker: 'second',
    },
    second: { AccessKeyMetadata: [{ AccessKeyId: 'AKIAIOSFODNN7EXAMPL1' }] },
  };
  const aws: Aws = {
    async send<Output>(command: AwsCommand<Output>) {
      const { Marker = 'first' } = command.input as { Marker?: string };
      if ((command as object) instanceof GetUserCommand) return { User: { Arn: arn } } as Output;
      return ((command as object) instanceof ListAccessKeysCommand ? pages[Marker] : {}) as Output;
    },
  };
  const resource = { type: user.type, id: 'ann', arn, partition: 'aws', account: '1', region: 'eu-west-1' };
  expect(await rule.inspect(resource, aws)).toEqual({
    keys: [{ id: 'AKIAIOSFODNN7EXAMPL1' }, { id: 'AKIAIOSFODNN7EXAMPL2' }, { id: 'AKIAIOSFODNN7EXAMPL3' }],
  });
});

describe("AWS Config's id of a user", () => {
  const place = { partition: 'aws', account: '1', region: 'eu-west-1' };
  const person = (name: string, UserId: string) => ({ UserName: name, UserId, Arn: `arn:aws:iam::1:user/${name}` });
  const pages: Record<string, object> = {
    first: { Users: [person('AIDATHREE', 'AIDAONE'), person('bob', 'AIDATWO')], IsTruncated: true, Marker: 'second' },
    second: { Users: [person('cleo', 'AIDATHREE')], IsTruncated: true, Marker: 'third' },
    third: { Users: [] },
  };
  const read: string[] = [];
  const aws: Aws = {
    async send<Output>(command: AwsCommand<Output>) {
      const { Marker = 'first' } = command.input as ListUsersCommand['input'];
      read.push(Marker);
      return pages[Marker] as Output;
    },
  };
  beforeEach(() => void read.splice(0));

  it('is found on any page, and so is a name', async () => {
    expect(await user.resolve?.('AIDATWO', place, aws)).toEqual(['arn:aws:iam::1:user/bob']);
    expect(await user.resolve?.('cleo', place, aws)).toEqual(['arn:aws:iam::1:user/cleo']);
    expect(read).toEqual(['first', 'second', 'third', 'first', 'second', 'third']);
  });

  it('is of two users where one has the id of the other as its name', async () => {
    expect(await user.resolve?.('AIDATHREE', place, aws)).toEqual(['arn:aws:iam::1:user/AIDATHREE', 'arn:aws:iam::1:user/cleo']);
  });

  it('is nobody where no user has it, and is not looked for where no user can have it', async () => {
    expect(await user.resolve?.('AIDAFOUR', place, aws)).toEqual([]);
    expect(await user.resolve?.('<root_account>', place, aws)).toBeUndefined();
    expect(read).toEqual(['first', 'second', 'third']);
  });
});
