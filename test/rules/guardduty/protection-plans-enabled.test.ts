import {
  CreateDetectorCommand,
  type DetectorFeatureConfiguration,
  GetAdministratorAccountCommand,
  GetDetectorCommand,
} from '@aws-sdk/client-guardduty';
import { detector } from '../../../rules/guardduty/detector/resource';
import rule from '../../../rules/guardduty/protection-plans-enabled';
import type { Aws, AwsCommand, Change } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';

const plan = (Name: DetectorFeatureConfiguration['Name'], Status: 'ENABLED' | 'DISABLED', addOn?: 'ENABLED' | 'DISABLED') => ({
  Name,
  Status,
  ...(addOn && { AdditionalConfiguration: [{ Name: 'EKS_ADDON_MANAGEMENT' as const, Status: addOn }] }),
});

describeRule(rule, {
  violations: {
    'a detector without audit logs of EKS': {
      seed: detectorWith([plan('EKS_AUDIT_LOGS', 'DISABLED')]),
      fixed: async (world, id) => expect(await plansOf(world, id)).toEqual([plan('EKS_AUDIT_LOGS', 'ENABLED')]),
      rolledBack: async (world, id) => expect(await plansOf(world, id)).toEqual([plan('EKS_AUDIT_LOGS', 'DISABLED')]),
    },
    'a detector that never heard of the plan': {
      seed: detectorWith([]),
      detectedBy: 'GuardDuty.8',
      fixed: async (world, id) => expect(await plansOf(world, id)).toEqual([plan('EBS_MALWARE_PROTECTION', 'ENABLED')]),
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
  unexercised: { 'iam:CreateServiceLinkedRole': 'AWS asks for it where the plan against malware is the first of the account.' },
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
const off = { suspended: false, on: [], extras: [], policy: [], administrator: null };

it.each([
  ['GuardDuty.5', 'EKS_AUDIT_LOGS'],
  ['guardduty-eks-protection-audit-enabled', 'EKS_AUDIT_LOGS'],
  ['GuardDuty.6', 'LAMBDA_NETWORK_LOGS'],
  ['guardduty-lambda-protection-enabled', 'LAMBDA_NETWORK_LOGS'],
  ['GuardDuty.8', 'EBS_MALWARE_PROTECTION'],
  ['guardduty-malware-protection-enabled', 'EBS_MALWARE_PROTECTION'],
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
    unfixable: expect.stringContaining('Account 999988887777 manages'),
  });
  expect(rule.plan(resource, { ...member, on: ['EKS_AUDIT_LOGS'] }, contextOf('GuardDuty.5'))).toEqual([]);
  expect(rule.plan(resource, { ...off, policy: ['EKS_AUDIT_LOGS'] }, contextOf('GuardDuty.5'))).toEqual({
    unfixable: expect.stringContaining('policy of the organization manages EKS_AUDIT_LOGS'),
  });
  expect(rule.plan(resource, { ...off, policy: ['EKS_AUDIT_LOGS'] }, contextOf('GuardDuty.6'))).toHaveLength(1);
});

it('does nothing for a control that it does not know', () => {
  expect(rule.plan(resource, off, contextOf('GuardDuty.99'))).toEqual({ unfixable: expect.stringContaining('GuardDuty.99') });
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
    policy: ['S3_DATA_EVENTS'],
    administrator: '999988887777',
  };
  expect(await rule.inspect(resource, aws)).toEqual(state);
});

function detectorWith(Features: DetectorFeatureConfiguration[], Enable = true) {
  return async (world: World): Promise<string> =>
    (await world.send(new CreateDetectorCommand({ Enable, Features, Tags: { team: 'red' } }))).DetectorId ?? '';
}

async function plansOf(world: World, DetectorId: string) {
  return (await world.send(new GetDetectorCommand({ DetectorId }))).Features;
}
