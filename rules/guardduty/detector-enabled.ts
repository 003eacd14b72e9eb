import {
  CreateDetectorCommand,
  DeleteDetectorCommand,
  GetDetectorCommand,
  GuardDutyClient,
  UpdateDetectorCommand,
} from '@aws-sdk/client-guardduty';
import { accountInRegion } from '../account';
import { keptTags, withoutExempt } from '../exempt-parts';
import { defineRule, type Tags } from '../rule';
import { administratorReading, readAdministrator } from './detector/administrator';
import { listDetectors, listing } from './detector/list';
import { detectors } from './detector/resource';

const id = 'guardduty-detector-enabled';
const tags: Tags = { 'posture:rule': id };

/** `own`: this rule created it. `administrator`: the account that manages a suspended detector, if any. `tags`: those of a suspended one. */
type Seen = {
  readonly id: string;
  readonly enabled: boolean;
  readonly own: boolean;
  readonly administrator: string | null;
  readonly tags?: Tags;
};

type State = { readonly detectors: readonly Seen[] };

export default defineRule({
  id,
  title: 'GuardDuty is enabled in every Region',
  why: 'Stolen keys and compromised instances show first in logs that nobody reads, often in a Region that nobody uses.',
  impact:
    'None for workloads: GuardDuty reads its own copies of the logs with a service-linked role, and enables the protection plans that are on by default for a new detector. It charges by the volume of events after a 30-day trial. A rollback deletes the new detector and all its findings.',
  severity: 'high',
  risk: 'safe',
  resource: accountInRegion,
  changedBy: { service: 'guardduty', calls: { account: ['DeleteDetector', 'UpdateDetector'] } },
  marksOwnPart: true,
  detectedBy: { securityHub: ['GuardDuty.1'], config: ['guardduty-enabled-centralized'] },
  detectorParameters: {
    'guardduty-enabled-centralized': {
      CentralMonitoringAccount: { unmappable: 'The rule does not make an account a member of another one.' },
    },
  },
  permissions: {
    inspect: [listing, administratorReading, { actions: ['guardduty:GetDetector'], on: detectors }],
    change: [
      { actions: ['guardduty:CreateDetector'], on: '*' },
      { actions: ['guardduty:UpdateDetector'], on: detectors },
      {
        actions: ['guardduty:DeleteDetector'],
        on: detectors,
        condition: { StringEquals: { 'aws:ResourceTag/posture:rule': id } },
      },
      { actions: ['guardduty:TagResource'], on: detectors, condition: { StringEquals: { 'aws:RequestTag/posture:rule': id } } },
      // GuardDuty creates them with the caller's permissions if they don't exist yet.
      {
        actions: ['iam:CreateServiceLinkedRole'],
        on: [
          'arn:{partition}:iam::{account}:role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty',
          'arn:{partition}:iam::{account}:role/aws-service-role/malware-protection.guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDutyMalwareProtection',
        ],
        condition: {
          StringEquals: { 'iam:AWSServiceName': ['guardduty.amazonaws.com', 'malware-protection.guardduty.amazonaws.com'] },
        },
      },
    ],
  },
  clients: [GuardDutyClient],
  commands: [CreateDetectorCommand, UpdateDetectorCommand, DeleteDetectorCommand],

  async inspect(_, aws): Promise<State> {
    const found: Seen[] = [];
    for (const DetectorId of (await listDetectors(aws)).sort()) {
      const { Status, Tags = {} } = await aws.send(new GetDetectorCommand({ DetectorId }));
      const enabled = Status === 'ENABLED';
      const own = Object.entries(tags).every(([key, value]) => Tags[key] === value);
      const suspended = enabled ? undefined : { administrator: await readAdministrator(DetectorId, aws), ...keptTags(Tags) };
      found.push({ id: DetectorId, enabled, own, administrator: null, ...suspended });
    }
    return { detectors: found };
  },

  plan(_, state, context) {
    const [suspended] = state.detectors;
    if (state.detectors.some(({ enabled }) => enabled)) return [];
    if (!suspended) return [{ do: new CreateDetectorCommand({ Enable: true, Tags: { ...tags } }), undo: 'revert-own-part' }];
    if (withoutExempt([suspended], (one) => `the detector ${one.id}`, context).length === 0) return [];
    const { administrator } = suspended;
    if (administrator !== null)
      return {
        unfixable: `GuardDuty is suspended, and administrator account ${administrator} manages it. Enable it from that account.`,
        code: 'managed-by-administrator',
      };
    return [{ do: enabling(suspended.id, true), undo: enabling(suspended.id, false) }];
  },

  targets: (_, { now: { detectors: seen } }) => ({
    CreateDetector: { DetectorId: null },
    UpdateDetector: { DetectorId: seen.map((one) => one.id) },
    DeleteDetector: { DetectorId: seen.filter(({ own }) => own).map((one) => one.id) },
  }),

  revertOwnPart(_, now, { before }) {
    const known = before.detectors.map((seen) => seen.id);
    const made = now.detectors.filter((seen) => seen.own && !known.includes(seen.id));
    return made.map((seen) => new DeleteDetectorCommand({ DetectorId: seen.id }));
  },

  list: async ({ account }) => [account],
});

const enabling = (DetectorId: string, Enable: boolean) => new UpdateDetectorCommand({ DetectorId, Enable });
