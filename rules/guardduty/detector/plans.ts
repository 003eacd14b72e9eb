import { type DetectorFeatureConfiguration, GetDetectorCommand, GuardDutyClient, UpdateDetectorCommand } from '@aws-sdk/client-guardduty';
import { unless } from '../../absence';
import { defineRule, type Grant, gone, type Rule } from '../../rule';
import { administratorReading, readAdministrator } from './administrator';
import { listDetectors, listing } from './list';
import { detector, detectors, unknown } from './resource';

type Name = NonNullable<DetectorFeatureConfiguration['Name']>;
type Extra = 'EKS_ADDON_MANAGEMENT' | 'ECS_FARGATE_AGENT_MANAGEMENT' | 'EC2_AGENT_MANAGEMENT';

/** The protection plan that a control and its AWS Config rule ask for, and for runtime monitoring whose agents GuardDuty has to manage. */
export interface Demand {
  readonly control: string;
  readonly config: string;
  readonly name: Name;
  readonly extra?: Extra;
}

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

// GuardDuty makes it with the caller's permissions, with the plan against malware.
const malwareRole: Grant = {
  actions: ['iam:CreateServiceLinkedRole'],
  on: 'arn:{partition}:iam::{account}:role/aws-service-role/malware-protection.guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDutyMalwareProtection',
  condition: { StringEquals: { 'iam:AWSServiceName': 'malware-protection.guardduty.amazonaws.com' } },
};

type Words = Pick<Rule, 'id' | 'title' | 'why' | 'impact' | 'severity' | 'risk'>;

/** A rule that turns on the plans of a detector, each by the control that is about it. */
export const plansRule = ({ demands, ...words }: Words & { readonly demands: readonly Demand[] }): Rule<State, Record<string, never>> =>
  defineRule({
    ...words,
    resource: detector,
    detectedBy: { securityHub: demands.map(({ control }) => control), config: demands.map(({ config }) => config) },
    permissions: {
      inspect: [listing, administratorReading, { actions: ['guardduty:GetDetector'], on: detectors }],
      change: [
        { actions: ['guardduty:UpdateDetector'], on: detectors },
        ...(demands.some(({ name }) => name === 'EBS_MALWARE_PROTECTION') ? [malwareRole] : []),
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
