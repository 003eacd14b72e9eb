import { AttachInstancesCommand, DetachInstancesCommand } from '@aws-sdk/client-auto-scaling';
import { ModifyInstanceAttributeCommand } from '@aws-sdk/client-ec2';
import { deregister, register } from '../../../elb/target-group/registrations';
import type { AwsCommand, Change, Obstacle, Resource } from '../../../rule';
import { type Collection, type Custody, snapshotChanges } from '../../evidence/snapshots';
import { groupChanges, groupObstacle, retryOn } from '../../quarantine-group/group';
import { SetInterfaceGroupsCommand } from '../../quarantine-group/interface';
import { releasingSessions, sessionChanges } from './sessions';
import type { Interface, State } from './state';

/** Whether the interface is in the quarantine group of its VPC, and in no other. */
export function isIsolated({ vpc, groups }: Interface, { quarantine }: Pick<State, 'quarantine'>): boolean {
  const own = quarantine.find((group) => group.vpc === vpc);
  return own?.id !== undefined && own.status !== 'foreign' && groups.length === 1 && groups[0] === own.id;
}

/** Why the instance can't be isolated; undefined if it can. */
export function obstacleTo(id: string, state: State): Obstacle | undefined {
  const { operator, interfaces, quarantine, busy } = state;
  const service = operator ?? interfaces.find((one) => !isIsolated(one, state) && one.service !== undefined)?.service;
  if (service !== undefined)
    return {
      unfixable: `${service} manages the instance ${id} or one of its network interfaces, and the owner of the instance cannot change it.`,
      code: 'owned-by-service',
    };
  const obstacle = quarantine.map(groupObstacle).find((one) => one !== undefined);
  if (obstacle) return obstacle;
  return busy === undefined ? undefined : { blocked: `The instance ${id} is ${busy}, and cannot be changed now.`, code: 'being-modified' };
}

/**
 * The changes that isolate the instance. What keeps the evidence comes first. The Auto Scaling group and the target groups come last, since nothing that fails there may
 * delay the isolation: the group would replace the instance only after several failed health checks.
 */
export function isolation({ id, ...place }: Resource, state: State, options: Options): readonly Change[] {
  const { group, registrations, quarantine, interfaces } = state;
  const note = noteOn(state, options);
  const asks = asksOf(state);
  const open = interfaces.filter((one) => !isIsolated(one, state));
  const changes = [
    ...protection(id, state),
    ...quarantine.flatMap((one) => groupChanges(one, place)),
    ...open.map(
      (one): Change => ({
        do: new SetInterfaceGroupsCommand({ NetworkInterfaceId: one.id }),
        undo: restoreGroups(one),
        retryOn,
        ...(note !== undefined && { note }),
        ...(asks !== undefined && { asks }),
      }),
    ),
    ...(options.denySessions ? sessionChanges(id, state.role) : []),
    ...(group === undefined ? [] : [detachment(id, group, state.groupSize)]),
    ...registrations.map((one): Change => ({ do: deregister(one), undo: register(one) })),
  ];
  const volumes = state.volumes.flatMap((volume) => volume.id ?? []);
  // What was isolated before has its evidence, or was isolated by others.
  return open.length > 0 && options.snapshots ? [...snapshotChanges({ id, ...place }, volumes, options), ...changes] : changes;
}

export interface Options extends Custody, Collection {
  readonly snapshots: boolean;
  /** Whether the sessions of the instance are denied in its role. */
  readonly denySessions: boolean;
}

const restoreGroups = ({ id, groups }: Interface) => new SetInterfaceGroupsCommand({ NetworkInterfaceId: id, Groups: groups });

const protect = (InstanceId: string, Value: boolean) =>
  new ModifyInstanceAttributeCommand({ InstanceId, DisableApiTermination: { Value } });
const shutDownTo = (InstanceId: string, Value: string) =>
  new ModifyInstanceAttributeCommand({ InstanceId, InstanceInitiatedShutdownBehavior: { Value } });
const deleteVolume = (InstanceId: string, DeviceName: string, DeleteOnTermination: boolean) =>
  new ModifyInstanceAttributeCommand({ InstanceId, BlockDeviceMappings: [{ DeviceName, Ebs: { DeleteOnTermination } }] });

function protection(id: string, { terminationProtected, shutdown, volumes, without }: State): readonly Change[] {
  return [
    ...(terminationProtected || without === 'spot' ? [] : [{ do: protect(id, true), undo: protect(id, false) }]),
    ...(shutdown === 'stop' || without !== undefined ? [] : [{ do: shutDownTo(id, 'stop'), undo: shutDownTo(id, shutdown) }]),
    ...volumes
      .filter(({ kept }) => !kept)
      .map(({ device }) => ({ do: deleteVolume(id, device, false), undo: deleteVolume(id, device, true) })),
  ];
}

const attach = (id: string, AutoScalingGroupName: string) => new AttachInstancesCommand({ AutoScalingGroupName, InstanceIds: [id] });

const detachment = (id: string, AutoScalingGroupName: string, size = 0): Change => ({
  do: new DetachInstancesCommand({ AutoScalingGroupName, InstanceIds: [id], ShouldDecrementDesiredCapacity: false }),
  undo: attach(id, AutoScalingGroupName),
  takesFrom: { group: `Auto Scaling group ${AutoScalingGroupName}`, size },
  nearest: 'The group has launched a replacement meanwhile: its desired capacity increases by one, up to its maximum size.',
});

/** What differs from the state before, and is still as the response left it, in reverse order. */
export function releasing(id: string, now: State, before: State, after: State): readonly AwsCommand[] {
  const isRemoved = (one: State['registrations'][number], { registrations }: State) =>
    !registrations.some((other) => other.group === one.group && other.id === one.id);
  const isCut = (one: Interface, state: State) => state.interfaces.some((other) => other.id === one.id && isIsolated(other, state));
  const isKept = (device: string, { volumes }: State) => volumes.some((volume) => volume.device === device && volume.kept);
  const { group } = before;
  return [
    ...before.registrations.filter((one) => isRemoved(one, after) && isRemoved(one, now)).map(register),
    ...(group !== undefined && after.group === undefined && now.group === undefined ? [attach(id, group)] : []),
    ...releasingSessions(id, now, before, after),
    ...before.interfaces.filter((one) => !isIsolated(one, before) && isCut(one, after) && isCut(one, now)).map(restoreGroups),
    ...before.volumes
      .filter(({ device, kept }) => !kept && isKept(device, after) && isKept(device, now))
      .map(({ device }) => deleteVolume(id, device, true)),
    ...(before.shutdown !== 'stop' && [after, now].every(({ shutdown }) => shutdown === 'stop') ? [shutDownTo(id, before.shutdown)] : []),
    ...(!before.terminationProtected && [after, now].every(({ terminationProtected }) => terminationProtected) ? [protect(id, false)] : []),
  ];
}

/** Why a person has to decide, whatever the mode: more than the instance would be cut off. */
function asksOf({ cluster, serves = [], lastOf = [] }: State): string | undefined {
  const reasons = [
    ...(cluster === undefined ? [] : [`its tags say that it is a node of the ${cluster}`]),
    ...serves,
    ...lastOf.map((group) => `it is the last target of ${group} that serves`),
  ];
  return reasons.length > 0 ? reasons.join('; ') : undefined;
}

function noteOn({ cluster, without, role }: State, { denySessions }: Pick<Options, 'denySessions'>): string | undefined {
  const notes = [
    ...(cluster === undefined ? [] : [`Its tags say that it is a node of the ${cluster}: all containers on it lose the network.`]),
    ...(without === 'spot' ? ['It is a Spot Instance: AWS can interrupt it at any time, and its memory is lost.'] : []),
    ...(denySessions && role?.without !== undefined
      ? [`The sessions of its role ${role.name} are not denied: ${role.without}. Deny them manually.`]
      : []),
  ];
  return notes.length > 0 ? notes.join(' ') : undefined;
}
