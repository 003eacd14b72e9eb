import { GetBucketVersioningCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import type { ClaimedSweep, Position, SweepPositions } from '../../functions/coordination/sweep-position';
import { policy } from '../../functions/policy/policy';
import type { LastRecord, SweepPorts } from '../../functions/sweep/ports';
import { type Aws, notFound, type Place, type ResourceKind, type Rule } from '../../rules/rule';
import { travelFrom } from '../guardrails/travel';

export const central: Place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
export const other = '444455556666';

/** What a resource is, or what reading it fails with. */
export type State = 'good' | 'bad' | 'worse' | 'unfixable' | 'exempt' | 'missing' | Error;

/** By account, Region and rule, the resources by id; an Error: what listing them fails with. */
export type World = Readonly<Record<string, Readonly<Record<string, State>> | Error>>;

/** An error of AWS. */
export const awsError = (name: string, code?: string): Error =>
  Object.assign(new Error(`${name} happened`), {
    name,
    $metadata: { httpStatusCode: name.startsWith('Thrott') ? 429 : 403 },
    ...(code && { code }),
  });

const queue: ResourceKind = { type: 'AWS::SQS::Queue', arn: 'arn:{partition}:sqs:{region}:{account}:{id}', scope: 'regional' };
const user: ResourceKind = { type: 'AWS::IAM::User', arn: 'arn:{partition}:iam::{account}:user/{id}', scope: 'global' };

const change = (Bucket: string) => ({
  do: new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
  undo: new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } }),
});

/** A rule about what the world holds. Each look is one call; by its second control, `worse` needs a change more. */
export function ruleOf(id: string, world: World, { global = false, looked = [] as string[] } = {}): Rule {
  const at = ({ account, region }: Place) => world[`${account} ${region} ${id}`];
  const kind: ResourceKind = {
    ...(global ? user : queue),
    tags: async (resource) => (stateOf(resource) === 'exempt' ? { 'posture:exempt': 'all' } : {}),
  };
  const stateOf = (resource: Place & { readonly id: string }): State => {
    const all = at(resource);
    return all === undefined || all instanceof Error ? 'missing' : (all[resource.id] ?? 'missing');
  };
  return {
    id,
    ...{ title: 'T', why: 'W', impact: 'I', severity: 'low', risk: 'safe', clients: [], commands: [PutBucketVersioningCommand] },
    resource: kind,
    detectedBy: { securityHub: [`${id}.1`, `${id}.2`], config: [`${id}-config`] },
    permissions: { inspect: [], change: [] },
    async list(place, aws) {
      await aws.send(new GetBucketVersioningCommand({ Bucket: `list ${id}` }));
      const all = at(place) ?? {};
      if (all instanceof Error) throw all;
      // No order that a service promises.
      return Object.keys(all).toReversed();
    },
    async inspect(resource, aws) {
      await aws.send(new GetBucketVersioningCommand({ Bucket: resource.id }));
      looked.push(resource.arn);
      const state = stateOf(resource);
      if (state instanceof Error) throw state;
      return state === 'missing' ? notFound : state;
    },
    plan({ id: bucket }, state, { detectedBy }) {
      if (state === 'good') return [];
      if (state === 'unfixable') return { unfixable: 'It can not be fixed.', code: 'no-way' };
      return state === 'worse' && detectedBy === `${id}.2` ? [change(bucket), change(`${bucket}-2`)] : [change(bucket)];
    },
  } satisfies Rule;
}

export interface Opened {
  readonly ports: SweepPorts;
  readonly clock: ReturnType<typeof travelFrom>;
  /** What was handed on: the rule and the ARN. */
  readonly handedOn: readonly (readonly [rule: string, arn: string, detectedBy: string])[];
  /** How many calls were under way at once, at most. */
  readonly calls: { most: number; readonly places: string[] };
  /** The positions that were saved. */
  readonly saved: readonly Position[];
  readonly state: { after: Position; finished: boolean; interrupted: number; released: number };
}

/** The ports of a sweep of this world, which keeps its position in memory. */
export function open(
  rules: readonly Rule[],
  change: Partial<SweepPorts> & { readonly modes?: object; readonly log?: ReadonlyMap<string, LastRecord> } = {},
): Opened {
  const { modes = {}, log = new Map<string, LastRecord>(), ...given } = change;
  const clock = travelFrom('2026-11-24T12:00:00.000Z');
  const handedOn: (readonly [string, string, string])[] = [];
  const calls = { most: 0, places: [] as string[] };
  const saved: Position[] = [];
  const state: Opened['state'] = { after: [], finished: false, interrupted: 0, released: 0 };
  let underWay = 0;
  const positions: SweepPositions = {
    async claim(): Promise<ClaimedSweep> {
      return {
        ...{ began: clock.now(), after: state.after, interrupted: state.interrupted },
        async save(after) {
          saved.push(after);
          Object.assign(state, { after, interrupted: 0 });
        },
        async release() {
          state.released += 1;
        },
        finish: async () => void Object.assign(state, { after: [], finished: true }),
      };
    },
  };
  const connect = ({ account, region }: Place): Aws => ({
    async send<Output>() {
      calls.places.push(`${account} ${region}`);
      underWay += 1;
      calls.most = Math.max(calls.most, underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
      return {} as Output;
    },
  });
  const ports: SweepPorts = {
    ...{ rules, central, connect, positions, clock, regions: [central.region], hours: 24, maxFindings: 100 },
    accounts: async () => ({ known: [central.account] }),
    policy: async () => policy.parse({ modes: { default: 'observe', ...modes } }),
    reach: async () => undefined,
    lastRecord: async (rule, finding) => log.get(`${rule} ${finding}`),
    invoke: async (rule, { detail }) => void handedOn.push([rule, detail.resource, detail.detectedBy]),
    secondsLeft: () => 900,
    ...given,
  };
  return { ports, clock, handedOn, calls, saved, state };
}
