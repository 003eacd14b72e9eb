import { type DetectorFeatureConfiguration, GetDetectorCommand, GuardDutyClient, UpdateDetectorCommand } from '@aws-sdk/client-guardduty';
import { unless } from '../absence';
import { defineRule, gone } from '../rule';
import { administratorReading, readAdministrator } from './detector/administrator';
import { listDetectors, listing } from './detector/list';
import { detector, detectors, unknown } from './detector/resource';

type Name = NonNullable<DetectorFeatureConfiguration['Name']>;
type Extra = 'EKS_ADDON_MANAGEMENT' | 'ECS_FARGATE_AGENT_MANAGEMENT' | 'EC2_AGENT_MANAGEMENT';

/** A protection plan, and for runtime monitoring whose agents GuardDuty has to manage. */
interface Demand {
  readonly name: Name;
  readonly extra?: Extra;
}

/** What each control asks for, by its AWS Config rule. */
const demands: readonly (Demand & { readonly control: string; readonly config: string })[] = [
  { control: 'GuardDuty.5', config: 'guardduty-eks-protection-audit-enabled', name: 'EKS_AUDIT_LOGS' },
  { control: 'GuardDuty.6', config: 'guardduty-lambda-protection-enabled', name: 'LAMBDA_NETWORK_LOGS' },
  {
    control: 'GuardDuty.7',
    config: 'guardduty-eks-protection-runtime-enabled',
    name: 'RUNTIME_MONITORING',
    extra: 'EKS_ADDON_MANAGEMENT',
  },
  { control: 'GuardDuty.8', config: 'guardduty-malware-protection-enabled', name: 'EBS_MALWARE_PROTECTION' },
  { control: 'GuardDuty.9', config: 'guardduty-rds-protection-enabled', name: 'RDS_LOGIN_EVENTS' },
  { control: 'GuardDuty.10', config: 'guardduty-s3-protection-enabled', name: 'S3_DATA_EVENTS' },
  { control: 'GuardDuty.11', config: 'guardduty-runtime-monitoring-enabled', name: 'RUNTIME_MONITORING' },
];

/** Runtime monitoring of EKS alone, as it was before: AWS takes it or RUNTIME_MONITORING, and not both. */
const former: Name = 'EKS_RUNTIME_MONITORING';

/** The plans that are on, and the agents that GuardDuty manages (`RUNTIME_MONITORING/EKS_ADDON_MANAGEMENT`), sorted; `policy` has the plans that an organization's policy manages. */
type State = {
  readonly suspended: boolean;
  readonly on: readonly string[];
  readonly extras: readonly string[];
  readonly policy: readonly string[];
  readonly administrator: string | null;
};

export default defineRule({
  id: 'guardduty-protection-plans-enabled',
  title: 'The protection plans of GuardDuty are on',
  why: 'Without them, GuardDuty does not look into clusters, functions, databases, buckets and volumes, and threats there go unseen.',
  impact:
    'GuardDuty bills each plan by what it looks at, most of them after 30 days. With runtime monitoring of EKS, it puts its agent into clusters, and endpoints for it into their VPCs; after a malware finding it copies volumes.',
  severity: 'high',
  risk: 'safe',
  resource: detector,
  detectedBy: { securityHub: demands.map(({ control }) => control), config: demands.map(({ config }) => config) },
  permissions: {
    inspect: [listing, administratorReading, { actions: ['guardduty:GetDetector'], on: detectors }],
    change: [
      { actions: ['guardduty:UpdateDetector'], on: detectors },
      // GuardDuty makes it with the caller's permissions, with the plan against malware.
      {
        actions: ['iam:CreateServiceLinkedRole'],
        on: 'arn:{partition}:iam::{account}:role/aws-service-role/malware-protection.guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDutyMalwareProtection',
        condition: { StringEquals: { 'iam:AWSServiceName': 'malware-protection.guardduty.amazonaws.com' } },
      },
    ],
  },
  clients: [GuardDutyClient],
  commands: [UpdateDetectorCommand],

  async inspect({ id }, aws): Promise<State | typeof gone> {
    const found = await unless(unknown, aws.send(new GetDetectorCommand({ DetectorId: id })));
    if (!found) return gone;
    const { Status, Features = [] } = found;
    const on = Features.filter((feature) => feature.Status === 'ENABLED');
    const extras = Features.flatMap(({ Name, AdditionalConfiguration = [] }) =>
      AdditionalConfiguration.flatMap((extra) => (extra.Status === 'ENABLED' ? `${Name}/${extra.Name}` : [])),
    );
    const policy = Features.filter(({ ManagedBy }) => ManagedBy === 'GUARDDUTY_POLICY');
    return {
      suspended: Status !== 'ENABLED',
      on: on.flatMap(({ Name }) => Name ?? []).sort(),
      extras: extras.sort(),
      policy: policy.flatMap(({ Name }) => Name ?? []).sort(),
      administrator: await readAdministrator(id, aws),
    };
  },

  plan({ id }, state, { detectedBy }) {
    const demand = demands.find(({ control, config }) => control === detectedBy || config === detectedBy);
    if (!demand) return { unfixable: `${detectedBy} is about none of the protection plans that this rule knows.` };
    const { suspended, on, extras, policy, administrator } = state;
    const { extra } = demand;
    // The former plan for EKS does for EKS.
    const name = extra === 'EKS_ADDON_MANAGEMENT' && on.includes(former) ? former : demand.name;
    if (suspended) return { unfixable: 'GuardDuty is suspended here, and its protection plans with it: enable it first.' };
    const managed = extras.includes(`${name}/${extra}`);
    if (on.includes(name) && (extra === undefined || managed)) return [];
    if (administrator !== null)
      return { unfixable: `Account ${administrator} manages GuardDuty for this one: ${name} has to be turned on from there.` };
    if (policy.includes(name)) return { unfixable: `A policy of the organization manages ${name}: it has to be turned on there.` };
    if (name === 'RUNTIME_MONITORING' && on.includes(former))
      return { unfixable: `${former} is on, which AWS does not take together with ${name}: move to ${name} by hand.` };

    const setting = (plan: boolean, agents: boolean) => {
      const AdditionalConfiguration = extra && [{ Name: extra, Status: statusOf(agents) }];
      return new UpdateDetectorCommand({
        DetectorId: id,
        Features: [{ Name: name, Status: statusOf(plan), ...(AdditionalConfiguration && { AdditionalConfiguration }) }],
      });
    };
    return [{ do: setting(true, true), undo: setting(on.includes(name), managed) }];
  },

  list: (_, aws) => listDetectors(aws),
});

const statusOf = (on: boolean): 'ENABLED' | 'DISABLED' => (on ? 'ENABLED' : 'DISABLED');
