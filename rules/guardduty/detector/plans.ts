import { type DetectorFeatureConfiguration, GetDetectorCommand, GuardDutyClient, UpdateDetectorCommand } from '@aws-sdk/client-guardduty';
import { undefinedOn } from '../../absence';
import { type Change, defineRule, type Grant, notFound, type Obstacle, type Rule } from '../../rule';
import { administratorReading, readAdministrator } from './administrator';
import { listDetectors, listing } from './list';
import { membersReading, readMembers } from './members';
import { detector, detectors, unknown } from './resource';

type Name = NonNullable<DetectorFeatureConfiguration['Name']>;
type Extra = 'EKS_ADDON_MANAGEMENT' | 'ECS_FARGATE_AGENT_MANAGEMENT' | 'EC2_AGENT_MANAGEMENT';

/** The protection plan that a control and its AWS Config rule require and, for Runtime Monitoring, the agent that GuardDuty has to manage. */
export interface Demand {
  readonly control: string;
  readonly config: string;
  readonly name: Name;
  readonly extra?: Extra;
}

/** The former plan for EKS only. AWS accepts either it or RUNTIME_MONITORING. */
const former: Name = 'EKS_RUNTIME_MONITORING';

/** The enabled plans, and the agents that GuardDuty manages (`RUNTIME_MONITORING/EKS_ADDON_MANAGEMENT`), sorted. */
type Plans = { readonly on: readonly string[]; readonly extras: readonly string[] };

/**
 * `policy`: the plans that an organization policy manages. `lacking`: the controls for which a member account lacks the plan,
 * as these controls also evaluate member accounts.
 */
type State = Plans & {
  readonly suspended: boolean;
  readonly lacking: readonly string[];
  readonly policy: readonly string[];
  readonly administrator: string | null;
};

// GuardDuty creates it with the caller's permissions when the malware plan is enabled.
const malwareRole: Grant = {
  actions: ['iam:CreateServiceLinkedRole'],
  on: 'arn:{partition}:iam::{account}:role/aws-service-role/malware-protection.guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDutyMalwareProtection',
  condition: { StringEquals: { 'iam:AWSServiceName': 'malware-protection.guardduty.amazonaws.com' } },
};

type Words = Pick<Rule, 'id' | 'title' | 'why' | 'impact' | 'severity' | 'risk'>;

/** A rule that enables protection plans of a detector, each for the control that requires it. */
export const plansRule = ({ demands, ...words }: Words & { readonly demands: readonly Demand[] }): Rule<State, Record<string, never>> =>
  defineRule({
    ...words,
    resource: detector,
    detectedBy: { securityHub: demands.map(({ control }) => control), config: demands.map(({ config }) => config) },
    permissions: {
      inspect: [listing, administratorReading, membersReading, { actions: ['guardduty:GetDetector'], on: detectors }],
      change: [
        { actions: ['guardduty:UpdateDetector'], on: detectors },
        ...(demands.some(({ name }) => name === 'EBS_MALWARE_PROTECTION') ? [malwareRole] : []),
      ],
    },
    clients: [GuardDutyClient],
    commands: [UpdateDetectorCommand],

    async inspect({ id }, aws): Promise<State | typeof notFound> {
      const found = await undefinedOn(unknown, aws.send(new GetDetectorCommand({ DetectorId: id })));
      if (!found) return notFound;
      const { Status, Features = [] } = found;
      const policy = Features.filter(({ ManagedBy }) => ManagedBy === 'GUARDDUTY_POLICY');
      const administrator = await readAdministrator(id, aws);
      const members = administrator === null ? (await readMembers(id, aws)).map(plansIn) : [];
      const lacking = demands.filter((demand) => members.some((plans) => !fulfil(plans, demand)));
      return {
        suspended: Status !== 'ENABLED',
        ...plansIn(Features),
        lacking: lacking.map(({ control }) => control).sort(),
        policy: policy.flatMap(({ Name }) => Name ?? []).sort(),
        administrator,
      };
    },

    plan({ id }, state, { detectedBy }) {
      const demand = demands.find(({ control, config }) => control === detectedBy || config === detectedBy);
      if (!demand) return { unfixable: `${detectedBy} is not a control for a protection plan of this rule.`, code: 'control-unknown' };
      if (state.suspended)
        return {
          unfixable: 'GuardDuty is suspended, and so are its protection plans. Enable GuardDuty first.',
          code: 'detector-suspended',
        };
      if (fulfil(state, demand) && !state.lacking.includes(demand.control)) return [];
      return obstacleTo(state, demand) ?? [enabling(id, state, demand)];
    },

    revertOwnPart: ({ id }, now, { before, after }) => disablingOwn(id, now, before, after),

    list: (_, aws) => listDetectors(aws),
  });

/** Disables the plans and agents that a fix enabled and that are still on. A plan whose other agents are managed since stays on. */
function disablingOwn(DetectorId: string, now: Plans, before: Plans, after: Plans): readonly UpdateDetectorCommand[] {
  const own = (list: keyof Plans) => now[list].filter((one) => after[list].includes(one) && !before[list].includes(one));
  const extras = own('extras');
  const isNeeded = (name: string) => now.extras.some((extra) => extra.startsWith(`${name}/`) && !extras.includes(extra));
  const plans = own('on').filter((name) => !isNeeded(name));
  const names = [...new Set([...plans, ...extras.map((extra) => extra.split('/')[0] ?? '')])];
  if (names.length === 0) return [];
  const Features = names.map((name) => {
    const off = extras
      .filter((extra) => extra.startsWith(`${name}/`))
      .map((extra) => ({ Name: extra.slice(name.length + 1) as Extra, Status: statusOf(false) }));
    return { Name: name as Name, Status: statusOf(!plans.includes(name)), ...(off.length > 0 && { AdditionalConfiguration: off }) };
  });
  return [new UpdateDetectorCommand({ DetectorId, Features })];
}

/** Why the plan can't be enabled in this account. */
function obstacleTo(state: State, demand: Demand): Obstacle | undefined {
  const { on, lacking, policy, administrator } = state;
  const name = nameFor(state, demand);
  if (administrator !== null)
    return {
      unfixable: `Administrator account ${administrator} manages GuardDuty. Enable ${name} from that account.`,
      code: 'managed-by-administrator',
    };
  if (policy.includes(name))
    return { unfixable: `An organization policy manages ${name}. Enable it in that policy.`, code: 'managed-by-policy' };
  if (lacking.includes(demand.control))
    return {
      unfixable: `This account is the GuardDuty administrator, and ${demand.control} also evaluates its members: some of them lack ${demand.extra ?? name}. Enable it for all accounts, including this one, or remove suspended members.`,
      code: 'members-not-covered',
    };
  if (name === 'RUNTIME_MONITORING' && on.includes(former))
    return {
      unfixable: `${former} is enabled, and AWS does not accept it together with ${name}. Migrate to ${name} manually.`,
      code: 'conflicting-plan',
    };
  return undefined;
}

function enabling(DetectorId: string, plans: Plans, demand: Demand): Change {
  const { extra } = demand;
  const name = nameFor(plans, demand);
  const setting = (plan: boolean, agents: boolean) => {
    const AdditionalConfiguration = extra && [{ Name: extra, Status: statusOf(agents) }];
    return new UpdateDetectorCommand({
      DetectorId,
      Features: [{ Name: name, Status: statusOf(plan), ...(AdditionalConfiguration && { AdditionalConfiguration }) }],
    });
  };
  return { do: setting(true, true), undo: setting(plans.on.includes(name), plans.extras.includes(`${name}/${extra}`)) };
}

/** A plan, in the form that detectors and member accounts have in common. */
interface Feature {
  readonly Name?: string | undefined;
  readonly Status?: string | undefined;
  readonly AdditionalConfiguration?: readonly { readonly Name?: string | undefined; readonly Status?: string | undefined }[] | undefined;
}

function plansIn(features: readonly Feature[]): Plans {
  const on = features.flatMap(({ Name, Status }) => (Status === 'ENABLED' ? (Name ?? []) : []));
  const extras = features.flatMap(({ Name, AdditionalConfiguration = [] }) =>
    AdditionalConfiguration.flatMap((extra) => (extra.Status === 'ENABLED' ? `${Name}/${extra.Name}` : [])),
  );
  return { on: on.sort(), extras: extras.sort() };
}

/** For EKS, the former plan is enough. */
const nameFor = ({ on }: Plans, { name, extra }: Demand): Name => (extra === 'EKS_ADDON_MANAGEMENT' && on.includes(former) ? former : name);

function fulfil(plans: Plans, demand: Demand): boolean {
  const name = nameFor(plans, demand);
  return plans.on.includes(name) && (demand.extra === undefined || plans.extras.includes(`${name}/${demand.extra}`));
}

const statusOf = (on: boolean): 'ENABLED' | 'DISABLED' => (on ? 'ENABLED' : 'DISABLED');
