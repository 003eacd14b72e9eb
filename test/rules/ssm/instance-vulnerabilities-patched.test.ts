import { StopInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { IAMClient } from '@aws-sdk/client-iam';
import rule from '../../../rules/ssm/instance-vulnerabilities-patched';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { openssl, running } from './vulnerable-instance';

const then = (seed: (world: World) => Promise<string>, next: (world: World, id: string) => Promise<unknown>) => async (world: World) => {
  const id = await seed(world);
  await next(world, id);
  return id;
};

describeRule(rule, {
  clients: [IAMClient],
  violations: {
    'an instance with a vulnerable package': { seed: running(), outcome: 'awaiting-approval' },
    'an instance whose inventory still has the vulnerable version': {
      seed: running({ installed: '1.1.1k-7.amzn2' }),
      outcome: 'awaiting-approval',
    },
    'an instance whose inventory is older than what Inspector saw': {
      seed: running({ installed: '1.1.1k-9.amzn2', capturedAt: '2026-11-20T08:00:00Z' }),
      outcome: 'awaiting-approval',
    },
    'an instance whose pending patches a restart can put into effect': {
      seed: running({ pending: 1 }),
      parameters: { rebootOption: 'RebootIfNeeded' },
      outcome: 'awaiting-approval',
    },
    'an instance whose whole baseline is to be installed': {
      seed: running(),
      parameters: { install: 'baseline' },
      outcome: 'awaiting-approval',
    },
  },
  compliant: {
    'an instance without findings': { seed: running({ packages: [] }) },
    'an instance with a vulnerable package of npm': { seed: running({ packages: [{ ...openssl, packageManager: 'NPM' }] }) },
    'an instance with a vulnerability without a fix': {
      seed: running({ packages: [{ name: 'openssl-libs', version: '1.1.1k' }] }),
    },
    'an instance with a finding of another severity': { seed: running({ packages: [{ ...openssl, severity: 'MEDIUM' }] }) },
    'an instance whose inventory proves the fix, which Inspector has not noticed': { seed: running({ installed: '1.1.1k-9.amzn2' }) },
    'an instance that is stopped, without findings': {
      seed: then(running({ packages: [] }), (world, id) => world.send(new StopInstancesCommand({ InstanceIds: [id] }))),
    },
  },
  obstacles: {
    'an instance whose agent does not answer': { seed: running({ online: false }), outcome: 'unfixable', reason: /Fix SSM.1 first/ },
    'an instance that is a node of a Kubernetes cluster': {
      seed: running({ tag: 'eks:cluster-name' }),
      outcome: 'unfixable',
      reason: /belongs to a Kubernetes cluster.*Make an AMI/,
    },
    'an instance that is stopped': {
      seed: then(running(), (world, id) => world.send(new StopInstancesCommand({ InstanceIds: [id] }))),
      outcome: 'unfixable',
      reason: /is stopped/,
    },
    'an instance whose updates wait for a restart': {
      seed: running({ pending: 2 }),
      outcome: 'blocked',
      reason: /2 updates .* take effect at its next restart/,
    },
    'an instance without findings whose updates wait for a restart': {
      seed: running({ packages: [], pending: 1 }),
      outcome: 'blocked',
      reason: /take effect at its next restart/,
    },
    'a package with a name that could break the list': {
      seed: running({ packages: [{ ...openssl, name: "x'\n  - id: '*" }] }),
      outcome: 'unfixable',
      reason: /1 vulnerable packages/,
    },
    'an instance that was terminated': {
      seed: then(running(), (world, id) => world.send(new TerminateInstancesCommand({ InstanceIds: [id] }))),
      outcome: 'resource-not-found',
    },
  },
  missing: 'i-0123456789abcdef0',
});
