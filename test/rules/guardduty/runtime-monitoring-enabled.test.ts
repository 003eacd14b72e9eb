import { CreateDetectorCommand, type DetectorFeatureConfiguration, GetDetectorCommand } from '@aws-sdk/client-guardduty';
import { detector } from '../../../rules/guardduty/detector/resource';
import rule from '../../../rules/guardduty/runtime-monitoring-enabled';
import type { Aws, AwsCommand, Change } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import { planOf } from '../../contract/plan-of';
import type { World } from '../../contract/scenario';
import { change, useMergedFeatures } from './detector/merge';

type Status = 'ENABLED' | 'DISABLED';
type Extra = 'EKS_ADDON_MANAGEMENT' | 'ECS_FARGATE_AGENT_MANAGEMENT' | 'EC2_AGENT_MANAGEMENT';

const plan = (Name: DetectorFeatureConfiguration['Name'], Status: Status, agents?: Status, extra: Extra = 'EKS_ADDON_MANAGEMENT') => ({
  Name,
  Status,
  ...(agents && { AdditionalConfiguration: [{ Name: extra, Status: agents }] }),
});

/** Runtime monitoring, with the agents of EKS and of ECS. */
const both = (eks: Status, ecs: Status): DetectorFeatureConfiguration => ({
  Name: 'RUNTIME_MONITORING',
  Status: 'ENABLED',
  AdditionalConfiguration: [
    { Name: 'EKS_ADDON_MANAGEMENT', Status: eks },
    { Name: 'ECS_FARGATE_AGENT_MANAGEMENT', Status: ecs },
  ],
});

useMergedFeatures();

describeRule(rule, {
  violations: {
    'a detector without runtime monitoring of EKS': {
      seed: detectorWith([plan('RUNTIME_MONITORING', 'DISABLED', 'DISABLED')]),
      detectedBy: 'GuardDuty.7',
      fixed: async (world, id) => expect(await plansOf(world, id)).toEqual([plan('RUNTIME_MONITORING', 'ENABLED', 'ENABLED')]),
      rolledBack: async (world, id) => expect(await plansOf(world, id)).toEqual([plan('RUNTIME_MONITORING', 'DISABLED', 'DISABLED')]),
    },
    'a detector with runtime monitoring of EKS, whose agents its owner manages': {
      seed: detectorWith([plan('RUNTIME_MONITORING', 'ENABLED', 'DISABLED')]),
      detectedBy: 'guardduty-eks-protection-runtime-enabled',
      rolledBack: async (world, id) => expect(await plansOf(world, id)).toEqual([plan('RUNTIME_MONITORING', 'ENABLED', 'DISABLED')]),
    },
    'a detector with the former plan for EKS, whose agents its owner manages': {
      seed: detectorWith([plan('EKS_RUNTIME_MONITORING', 'ENABLED', 'DISABLED')]),
      detectedBy: 'GuardDuty.7',
      fixed: async (world, id) => expect(await plansOf(world, id)).toEqual([plan('EKS_RUNTIME_MONITORING', 'ENABLED', 'ENABLED')]),
    },
    'a detector without runtime monitoring': {
      seed: detectorWith([plan('RUNTIME_MONITORING', 'DISABLED')]),
      detectedBy: 'GuardDuty.11',
      fixed: async (world, id) => expect(await plansOf(world, id)).toEqual([plan('RUNTIME_MONITORING', 'ENABLED')]),
    },
    'a detector whose agents of ECS another control has managed before the rollback': {
      seed: detectorWith([plan('RUNTIME_MONITORING', 'DISABLED', 'DISABLED')]),
      detectedBy: 'GuardDuty.7',
      meanwhile: (world, id) => change(world, id, both('ENABLED', 'ENABLED')),
      rolledBack: async (world, id) => expect(await plansOf(world, id)).toEqual([both('DISABLED', 'ENABLED')]),
    },
    'a detector with runtime monitoring, to which another control adds a plan before the rollback': {
      seed: detectorWith([plan('RUNTIME_MONITORING', 'DISABLED')]),
      detectedBy: 'GuardDuty.11',
      meanwhile: (world, id) => change(world, id, plan('RUNTIME_MONITORING', 'ENABLED'), plan('S3_DATA_EVENTS', 'ENABLED')),
      rolledBack: async (world, id) =>
        expect(await plansOf(world, id)).toEqual([plan('RUNTIME_MONITORING', 'DISABLED'), plan('S3_DATA_EVENTS', 'ENABLED')]),
    },
  },
  compliant: {
    'a detector with the former plan for EKS': {
      seed: detectorWith([plan('EKS_RUNTIME_MONITORING', 'ENABLED', 'ENABLED')]),
      detectedBy: 'GuardDuty.7',
    },
    'a detector with runtime monitoring, whose agents its owner manages': {
      seed: detectorWith([plan('RUNTIME_MONITORING', 'ENABLED', 'DISABLED')]),
      detectedBy: 'GuardDuty.11',
    },
  },
  obstacles: {
    'a detector with the former plan, where agents of ECS are asked for': {
      seed: detectorWith([plan('EKS_RUNTIME_MONITORING', 'ENABLED', 'ENABLED')]),
      detectedBy: 'GuardDuty.12',
      outcome: 'unfixable',
      reason: /does not accept it together/,
    },
    'a detector with the former plan, where the new one is asked for': {
      seed: detectorWith([plan('EKS_RUNTIME_MONITORING', 'ENABLED', 'ENABLED')]),
      detectedBy: 'GuardDuty.11',
      outcome: 'unfixable',
      reason: /does not accept it together/,
    },
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

it('asks each control for no more than it is about', () => {
  const featuresFor = (detectedBy: string) => {
    const [change] = rule.plan(resource, off, contextOf(detectedBy)) as readonly Change[];
    return (change?.do.input as { Features: unknown } | undefined)?.Features;
  };
  for (const name of ['GuardDuty.11', 'guardduty-runtime-monitoring-enabled'])
    expect(featuresFor(name)).toEqual([{ Name: 'RUNTIME_MONITORING', Status: 'ENABLED' }]);
  for (const name of ['GuardDuty.7', 'guardduty-eks-protection-runtime-enabled'])
    expect(featuresFor(name)).toEqual([plan('RUNTIME_MONITORING', 'ENABLED', 'ENABLED')]);
  for (const name of ['GuardDuty.12', 'guardduty-ecs-protection-runtime-enabled'])
    expect(featuresFor(name)).toEqual([plan('RUNTIME_MONITORING', 'ENABLED', 'ENABLED', 'ECS_FARGATE_AGENT_MANAGEMENT')]);
  for (const name of ['GuardDuty.13', 'guardduty-ec2-protection-runtime-enabled'])
    expect(featuresFor(name)).toEqual([plan('RUNTIME_MONITORING', 'ENABLED', 'ENABLED', 'EC2_AGENT_MANAGEMENT')]);
});

it('puts the agents back as they were, also those of a plan that was off', async () => {
  const Features = [plan('RUNTIME_MONITORING', 'DISABLED', 'ENABLED')];
  const aws: Aws = {
    async send<Output>(command: AwsCommand<Output>) {
      return (command instanceof GetDetectorCommand ? { Status: 'ENABLED', Features } : {}) as Output;
    },
  };
  const state = await rule.inspect(resource, aws);
  const [change] = planOf(rule, resource, state, contextOf('GuardDuty.7')) as readonly { undo: AwsCommand }[];
  expect(change?.undo.input).toEqual({ DetectorId: 'd', Features });
});

it('also looks at the accounts that the detector manages, and there takes the former plan for EKS too', async () => {
  const [now, before, bare] = ['111122223333', '222233334444', '333344445555'] as const;
  const members = {
    [now]: [plan('RUNTIME_MONITORING', 'ENABLED', 'ENABLED')],
    [before]: [plan('EKS_RUNTIME_MONITORING', 'ENABLED', 'ENABLED')],
    [bare]: [plan('RUNTIME_MONITORING', 'ENABLED', 'DISABLED')],
  };
  const stateWith = async (...ids: readonly (keyof typeof members)[]) => {
    const answers: Readonly<Record<string, object>> = {
      GetDetectorCommand: { Status: 'ENABLED', Features: members[now] },
      ListMembersCommand: { Members: ids.map((AccountId) => ({ AccountId, RelationshipStatus: 'Enabled' })) },
      GetMemberDetectorsCommand: { MemberDataSourceConfigurations: ids.map((AccountId) => ({ AccountId, Features: members[AccountId] })) },
    };
    const aws: Aws = { send: async <Output>(command: AwsCommand<Output>) => (answers[command.constructor.name] ?? {}) as Output };
    return (await rule.inspect(resource, aws)) as { readonly lacking: readonly string[] };
  };
  expect((await stateWith(now)).lacking).toEqual(['GuardDuty.12', 'GuardDuty.13']);
  expect((await stateWith(now, before)).lacking).toEqual(['GuardDuty.11', 'GuardDuty.12', 'GuardDuty.13']);
  const state = await stateWith(bare);
  expect(state.lacking).toEqual(['GuardDuty.12', 'GuardDuty.13', 'GuardDuty.7']);
  expect(planOf(rule, resource, state, contextOf('GuardDuty.7'))).toMatchObject({
    unfixable: expect.stringContaining('some of them lack EKS_ADDON_MANAGEMENT'),
    code: 'members-not-covered',
  });
});

function detectorWith(Features: DetectorFeatureConfiguration[], Enable = true) {
  return async (world: World): Promise<string> =>
    (await world.send(new CreateDetectorCommand({ Enable, Features, Tags: { team: 'red' } }))).DetectorId ?? '';
}

async function plansOf(world: World, DetectorId: string) {
  return (await world.send(new GetDetectorCommand({ DetectorId }))).Features;
}
