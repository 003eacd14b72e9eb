import { EC2Client } from '@aws-sdk/client-ec2';
import { Inspector2Client } from '@aws-sdk/client-inspector2';
import { SendCommandCommand, SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import { placeholderOf } from '../document';
import { describeInstance, instanceReading, isLeaving, listInstances } from '../ec2/instance/describe';
import { instance } from '../ec2/instance/resource';
import { type Change, defineRule, notFound, type Obstacle } from '../rule';
import { agentReading, isOnline } from './managed-instance/agent';
import { inventoryReading } from './package/inventory';
import { managerOf } from './package/manager';
import { DocumentName, patchReading, patchSending } from './patch-baseline/command';
import { findingReading } from './vulnerability/findings';
import { overrideListOf } from './vulnerability/override-list';
import { readState, type State } from './vulnerability/state';

const parameters = z.strictObject({
  severities: z
    .array(z.enum(['CRITICAL', 'HIGH', 'MEDIUM', 'LOW']))
    .min(1)
    .default(['CRITICAL', 'HIGH'])
    .describe(
      'The severities of the findings of Inspector whose packages are updated. Only findings of the severities CRITICAL and HIGH start an update.',
    ),
  install: z
    .enum(['packages', 'baseline'])
    .default('packages')
    .describe('Whether only the packages of the findings are updated, or all patches are installed that the patch baseline approves.'),
  rebootOption: z
    .enum(['NoReboot', 'RebootIfNeeded'])
    .default('NoReboot')
    .describe('Whether the instance restarts if an update requires it. With NoReboot, it is compliant only after its next restart.'),
});

type Parameters = z.infer<typeof parameters>;

/** A list beyond it is the work of an image, and not of a patch. */
const maxPackages = 500;
const maxNamed = 20;

export default defineRule({
  id: 'ssm-instance-vulnerabilities-patched',
  title: 'Packages of EC2 instances have no vulnerabilities with a fix',
  why: 'Attackers exploit known vulnerabilities within days, and Inspector found one for which the operating system has an update.',
  impact:
    'The newest versions of the packages in the findings, and of what they depend on, are installed immediately, also if the patch baseline does not approve them. An update can break a program, and restarts the services of the package. Running programs keep the old code until the instance restarts, which it does only with RebootIfNeeded: its workloads are then unavailable for minutes. With the parameter install: baseline, all patches are installed that the baseline approves, whether Inspector reported them or not.',
  severity: 'high',
  risk: 'disruptive',
  reversible: 'never',
  resource: instance,
  detectedBy: {
    securityHub: [],
    config: [],
    inspector: { types: ['PACKAGE_VULNERABILITY/AWS_EC2_INSTANCE'], severities: ['CRITICAL', 'HIGH'] },
  },
  permissions: { inspect: [instanceReading, findingReading, agentReading, ...patchReading, inventoryReading], change: patchSending },
  clients: [SSMClient, EC2Client, Inspector2Client],
  commands: [SendCommandCommand],
  documents: true,
  parameters,
  // Inspector looks at the packages again within hours; without its agent, daily.
  settle: 86_400,

  async inspect(resource, aws, given): Promise<State | typeof notFound> {
    const found = await describeInstance(resource.id, aws);
    if (!found || isLeaving(found)) return notFound;
    return readState(resource, found, (given ?? parameters.parse({})).severities, aws);
  },

  plan({ id }, state, { parameters: { install, rebootOption } }) {
    if (state.patching) return { blocked: `Patches are being installed on ${id}.`, code: 'being-modified' };
    if (state.packages.length === 0) return withoutPackages(id, state);
    return obstacleTo(id, state, rebootOption) ?? [installation(id, state, { install, rebootOption })];
  },

  targets({ id }, { now, before }) {
    const command = { DocumentName, 'InstanceIds[]': id, Targets: null, 'Parameters.BaselineOverride': null };
    return {
      SendCommand: [
        { ...command, 'Parameters.InstallOverrideList': null },
        { ...command, 'Parameters.InstallOverrideList[]': [now, before].map((one) => placeholderOf(listFor(one))) },
      ],
    };
  },

  list: (_, aws) => listInstances(aws),
});

/** Not compliant as long as an update waits for a restart, whatever Inspector says of the versions. */
function withoutPackages(id: string, { unusable, awaiting }: State): readonly Change[] | Obstacle {
  if (unusable > 0)
    return {
      unfixable: `Inspector names ${unusable} vulnerable packages of ${id} in a way that no package of rpm or dpkg is named. Update them manually.`,
      code: 'package-unknown',
    };
  return awaiting > 0 ? restartPending(id, awaiting) : [];
}

const restartPending = (id: string, awaiting: number): Obstacle => ({
  blocked: `${awaiting} updates are installed on ${id} and take effect at its next restart. Restart it.`,
  code: 'restart-pending',
});

function obstacleTo(id: string, state: State, rebootOption: Parameters['rebootOption']): Obstacle | undefined {
  const { packages, beyond, awaiting, status = 'unknown', agent = 'unknown', system = 'unknown', member } = state;
  if (member !== undefined) {
    const { of: owner, source } = member;
    return {
      unfixable: `${id} belongs to ${owner}, by ${source}, which replaces its instances: those that follow would lack the updates. Make an AMI with them, and replace the instances.`,
      code: 'replaced-by-owner',
    };
  }
  if (status === 'pending' || status === 'stopping') return { blocked: `The instance ${id} is ${status}.`, code: 'being-modified' };
  if (status !== 'running')
    return { unfixable: `The instance ${id} is ${status}. Start it to have it patched.`, code: 'instance-not-running' };
  if (!isOnline(agent))
    return {
      unfixable: `The agent on ${id} is not connected to Systems Manager, so packages cannot be updated. Fix SSM.1 first.`,
      code: 'agent-not-connected',
    };
  if (managerOf(system) === undefined)
    return {
      unfixable: `The operating system of ${id} is ${system}, for which Patch Manager installs no single packages. Patch it by its baseline (SSM.2), or replace its AMI.`,
      code: 'platform-not-supported',
    };
  if (beyond || packages.length > maxPackages)
    return {
      unfixable: `Inspector reports more findings or packages of ${id} than the rule updates at once (${maxPackages} packages). Replace its AMI, or patch it by its baseline.`,
      code: 'too-many-packages',
    };
  return awaiting > 0 && rebootOption === 'NoReboot' ? restartPending(id, awaiting) : undefined;
}

const listFor = ({ packages, system = '' }: State): string => overrideListOf(packages, managerOf(system) ?? 'rpm');

function installation(id: string, state: State, { install, rebootOption }: Pick<Parameters, 'install' | 'rebootOption'>): Change {
  const document = listFor(state);
  const own = install === 'packages';
  return {
    do: new SendCommandCommand({
      DocumentName,
      InstanceIds: [id],
      Parameters: {
        Operation: ['Install'],
        RebootOption: [rebootOption],
        ...(own && { InstallOverrideList: [placeholderOf(document)] }),
      },
      Comment: 'Vulnerabilities that Inspector found',
    }),
    ...(own && { document }),
    note: noteOn(state),
    irreversible: 'Updated packages are not set back, and a restart cannot be undone.',
  };
}

function noteOn({ packages, vulnerabilities }: State): string {
  const updates = packages.slice(0, maxNamed).map(({ name, version, fixedIn }) => `${name} ${version} to ${fixedIn} or later`);
  return `${vulnerabilities.length} vulnerabilities (${shortened(vulnerabilities)}) in ${packages.length} packages: ${updates.join(', ')}${rest(packages)}.`;
}

const shortened = (names: readonly string[]): string => `${names.slice(0, maxNamed).join(', ')}${rest(names)}`;

const rest = (all: readonly unknown[]): string => (all.length > maxNamed ? `, and ${all.length - maxNamed} more` : '');
