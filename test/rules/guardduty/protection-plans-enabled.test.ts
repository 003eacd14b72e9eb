import {
  CreateDetectorCommand,
  type DetectorFeatureConfiguration,
  GetAdministratorAccountCommand,
  GetDetectorCommand,
  GetMemberDetectorsCommand,
  ListMembersCommand,
} from '@aws-sdk/client-guardduty';
import { detector } from '../../../rules/guardduty/detector/resource';
import rule from '../../../rules/guardduty/protection-plans-enabled';
import type { Aws, AwsCommand, Change } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import { planOf } from '../../contract/plan-of';
import type { World } from '../../contract/scenario';
import { change, useMergedFeatures } from './detector/merge';

const plan = (Name: DetectorFeatureConfiguration['Name'], Status: 'ENABLED' | 'DISABLED', addOn?: 'ENABLED' | 'DISABLED') => ({
  Name,
  Status,
  ...(addOn && { AdditionalConfiguration: [{ Name: 'EKS_ADDON_MANAGEMENT' as const, Status: addOn }] }),
});

useMergedFeatures();

describeRule(rule, {
  violations: {
    'a detector without audit logs of EKS': {
      seed: detectorWith([plan('EKS_AUDIT_LOGS', 'DISABLED')]),
      fixed: async (world, id) => expect(await plansOf(world, id)).toEqual([plan('EKS_AUDIT_LOGS', 'ENABLED')]),
      rolledBack: async (world, id) => expect(await plansOf(world, id)).toEqual([plan('EKS_AUDIT_LOGS', 'DISABLED')]),
    },
    'a detector that never heard of the plan': {
      seed: detectorWith([]),
      detectedBy: 'GuardDuty.9',
      fixed: async (world, id) => expect(await plansOf(world, id)).toEqual([plan('RDS_LOGIN_EVENTS', 'ENABLED')]),
    },
    'a detector for which another control enables a plan before the rollback': {
      seed: detectorWith([plan('EKS_AUDIT_LOGS', 'DISABLED')]),
      meanwhile: (world, id) => change(world, id, plan('S3_DATA_EVENTS', 'ENABLED')),
      rolledBack: async (world, id) =>
        expect(await plansOf(world, id)).toEqual([plan('EKS_AUDIT_LOGS', 'DISABLED'), plan('S3_DATA_EVENTS', 'ENABLED')]),
    },
  },
  compliant: {
    'a detector with the plan, and without others': {
      seed: detectorWith([plan('S3_DATA_EVENTS', 'ENABLED'), plan('EKS_AUDIT_LOGS', 'DISABLED')]),
      detectedBy: 'GuardDuty.10',
    },
  },
  obstacles: {
    'a suspended detector': { seed: detectorWith([], false), outcome: 'unfixable', reason: /GuardDuty is suspended/ },
  },
  missing: '0123456789abcdef0123456789abcdef',
  unexercised: { 'guardduty:GetMemberDetectors': 'No detector of the emulator manages other accounts.' },
});

const resource = {
  type: detector.type,
  id: 'd',
  arn: 'arn:aws:guardduty:eu-west-1:111122223333:detector/d',
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
};
const contextOf = (detectedBy: string) => ({ parameters: {}, detectedBy, now: new Date(0) });
const off = { suspended: false, on: [], extras: [], lacking: [], policy: [], administrator: null };

it.each([
  ['GuardDuty.5', 'EKS_AUDIT_LOGS'],
  ['guardduty-eks-protection-audit-enabled', 'EKS_AUDIT_LOGS'],
  ['GuardDuty.6', 'LAMBDA_NETWORK_LOGS'],
  ['guardduty-lambda-protection-enabled', 'LAMBDA_NETWORK_LOGS'],
  ['GuardDuty.9', 'RDS_LOGIN_EVENTS'],
  ['guardduty-rds-protection-enabled', 'RDS_LOGIN_EVENTS'],
  ['GuardDuty.10', 'S3_DATA_EVENTS'],
  ['guardduty-s3-protection-enabled', 'S3_DATA_EVENTS'],
])('turns on for %s the one plan it is about', (detectedBy, Name) => {
  const [change] = rule.plan(resource, off, contextOf(detectedBy)) as readonly Change[];
  expect(change?.do.input).toEqual({ DetectorId: 'd', Features: [{ Name, Status: 'ENABLED' }] });
});

it('leaves plans to whoever manages them, unless they are on', () => {
  const member = { ...off, administrator: '999988887777' };
  expect(rule.plan(resource, member, contextOf('GuardDuty.5'))).toEqual({
    unfixable: expect.stringContaining('account 999988887777 manages'),
    code: 'managed-by-administrator',
  });
  expect(rule.plan(resource, { ...member, on: ['EKS_AUDIT_LOGS'] }, contextOf('GuardDuty.5'))).toEqual([]);
  expect(rule.plan(resource, { ...off, policy: ['EKS_AUDIT_LOGS'] }, contextOf('GuardDuty.5'))).toEqual({
    unfixable: expect.stringContaining('organization policy manages EKS_AUDIT_LOGS'),
    code: 'managed-by-policy',
  });
  expect(rule.plan(resource, { ...off, policy: ['EKS_AUDIT_LOGS'] }, contextOf('GuardDuty.6'))).toHaveLength(1);
});

it('does nothing for a control that it does not know', () => {
  expect(rule.plan(resource, off, contextOf('GuardDuty.99'))).toEqual({
    unfixable: expect.stringContaining('GuardDuty.99'),
    code: 'control-unknown',
  });
});

it('sees who manages the detector and its plans, in whatever order AWS tells', async () => {
  const aws: Aws = {
    async send<Output>(command: AwsCommand<Output>) {
      if (command instanceof GetAdministratorAccountCommand)
        return { Administrator: { AccountId: '999988887777', RelationshipStatus: 'Enabled' } } as Output;
      const managed = { ...plan('S3_DATA_EVENTS', 'ENABLED'), ManagedBy: 'GUARDDUTY_POLICY' };
      const Features = [managed, plan('EKS_AUDIT_LOGS', 'ENABLED'), plan('RUNTIME_MONITORING', 'DISABLED', 'ENABLED')];
      return { Status: 'ENABLED', Features } as Output;
    },
  };
  const state = {
    suspended: false,
    on: ['EKS_AUDIT_LOGS', 'S3_DATA_EVENTS'],
    extras: ['RUNTIME_MONITORING/EKS_ADDON_MANAGEMENT'],
    lacking: [],
    policy: ['S3_DATA_EVENTS'],
    administrator: '999988887777',
  };
  expect(await rule.inspect(resource, aws)).toEqual(state);
});

describe('a detector that manages other accounts', () => {
  const all = ['EKS_AUDIT_LOGS', 'LAMBDA_NETWORK_LOGS', 'RDS_LOGIN_EVENTS', 'S3_DATA_EVENTS'] as const;
  const on = all.map((Name) => plan(Name, 'ENABLED'));
  const numbered = (number: number) => String(number).padStart(12, '0');
  const [one, two, three] = [1, 2, 3].map(numbered) as [string, string, string];
  const member = (AccountId: string, RelationshipStatus = 'Enabled') => ({ AccountId, RelationshipStatus });
  type Asked = { readonly NextToken?: string; readonly AccountIds?: readonly string[] };

  function managing(members: readonly object[], featuresOf: Readonly<Record<string, readonly object[]>>, asked: Asked[] = []): Aws {
    return {
      async send<Output>(command: AwsCommand<Output>) {
        const input = command.input as Asked;
        if (command instanceof GetAdministratorAccountCommand) return {} as Output;
        if (command instanceof GetDetectorCommand) return { Status: 'ENABLED', Features: on } as Output;
        asked.push(input);
        if (command instanceof ListMembersCommand)
          return (input.NextToken ? { Members: members.slice(1) } : { Members: members.slice(0, 1), NextToken: 'more' }) as Output;
        if (!(command instanceof GetMemberDetectorsCommand)) throw new Error('Nothing else is asked.');
        const known = (input.AccountIds ?? []).filter((id) => featuresOf[id]);
        return { MemberDataSourceConfigurations: known.map((AccountId) => ({ AccountId, Features: featuresOf[AccountId] })) } as Output;
      },
    };
  }

  it('is content where all of them have what it has', async () => {
    const state = await rule.inspect(resource, managing([member(one), member(two)], { [one]: on, [two]: on }));
    expect(state).toMatchObject({ lacking: [] });
    for (const control of rule.detectedBy.securityHub) expect(planOf(rule, resource, state, contextOf(control))).toEqual([]);
  });

  it('does not pass for them where one lacks a plan, nor turns it on for itself alone', async () => {
    const lacking = [plan('S3_DATA_EVENTS', 'DISABLED'), ...on.slice(0, 3)];
    const state = await rule.inspect(resource, managing([member(one), member(two)], { [one]: on, [two]: lacking }));
    expect(state).toMatchObject({ lacking: ['GuardDuty.10'] });
    const unfixable = { unfixable: expect.stringContaining('some of them lack S3_DATA_EVENTS'), code: 'members-not-covered' };
    for (const name of ['GuardDuty.10', 'guardduty-s3-protection-enabled'])
      expect(planOf(rule, resource, state, contextOf(name))).toEqual(unfixable);
    expect(rule.plan(resource, { ...off, lacking: ['GuardDuty.10'] }, contextOf('GuardDuty.10'))).toEqual(unfixable);
    expect(planOf(rule, resource, state, contextOf('GuardDuty.5'))).toEqual([]);
  });

  it('counts an account of which GuardDuty says nothing, such as a closed one, and none that was only invited or has left', async () => {
    const members = [member(one, 'Disabled'), member(two, 'Invited'), member(three, 'Removed')];
    const state = await rule.inspect(resource, managing(members, {}));
    expect(state).toMatchObject({ lacking: ['GuardDuty.10', 'GuardDuty.5', 'GuardDuty.6', 'GuardDuty.9'] });
    expect(await rule.inspect(resource, managing(members.slice(1), {}))).toMatchObject({ lacking: [] });
  });

  it('asks for fifty at once, as many as AWS takes, and for all of them', async () => {
    const ids = Array.from({ length: 120 }, (_, index) => numbered(index));
    const asked: Asked[] = [];
    const aws = managing(
      ids.map((id) => member(id)),
      Object.fromEntries(ids.map((id) => [id, on])),
      asked,
    );
    expect(await rule.inspect(resource, aws)).toMatchObject({ lacking: [] });
    const groups = asked.flatMap(({ AccountIds }) => (AccountIds ? [AccountIds] : []));
    expect(groups.map(({ length }) => length)).toEqual([50, 50, 20]);
    expect(groups.flat()).toEqual(ids);
    const last = managing(
      ids.map((id) => member(id)),
      Object.fromEntries(ids.slice(0, 119).map((id) => [id, on])),
    );
    expect(await rule.inspect(resource, last)).not.toMatchObject({ lacking: [] });
  });
});

function detectorWith(Features: DetectorFeatureConfiguration[], Enable = true) {
  return async (world: World): Promise<string> =>
    (await world.send(new CreateDetectorCommand({ Enable, Features, Tags: { team: 'red' } }))).DetectorId ?? '';
}

async function plansOf(world: World, DetectorId: string) {
  return (await world.send(new GetDetectorCommand({ DetectorId }))).Features;
}
