import { CreateFileSystemCommand, DescribeFileSystemPolicyCommand, PutFileSystemPolicyCommand } from '@aws-sdk/client-efs';
import rule from '../../../rules/efs/file-system-policy-not-public';
import type { JsonObject } from '../../../rules/json';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';

const mounts = ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'];
const anybody: JsonObject = { Sid: 'anybody', Effect: 'Allow', Principal: { AWS: '*' }, Action: mounts };
const onNetwork = { 'elasticfilesystem:AccessedViaMountTarget': 'true' };
const narrowed: JsonObject = { ...anybody, Condition: { Bool: onNetwork } };
const encrypted: JsonObject = {
  Sid: 'encrypted',
  Effect: 'Deny',
  Principal: { AWS: '*' },
  Action: '*',
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};
const partner: JsonObject = { Sid: 'partner', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::444455556666:root' }, Action: mounts };
const organization = { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } };

describeRule(rule, {
  violations: {
    'a file system for everybody, a partner, and only with TLS': {
      seed: fileSystemWith([partner, anybody, encrypted]),
      fixed: async (world, id) => expect(await statementsOf(world, id)).toEqual([partner, narrowed, encrypted]),
      rolledBack: async (world, id) => expect(await statementsOf(world, id)).toEqual([partner, anybody, encrypted]),
    },
    'a file system for everybody alone, whose policy stays: without one, all clients may write': {
      seed: fileSystemWith([{ ...anybody, Action: 'elasticfilesystem:ClientMount' }]),
      fixed: async (world, id) => expect(await statementsOf(world, id)).toEqual([{ ...narrowed, Action: 'elasticfilesystem:ClientMount' }]),
    },
    'a file system for everybody with TLS, whose condition stays': {
      seed: fileSystemWith([{ ...anybody, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }]),
      fixed: async (world, id) =>
        expect(await statementsOf(world, id)).toEqual([
          { ...anybody, Condition: { Bool: { 'aws:SecureTransport': 'true', ...onNetwork } } },
        ]),
    },
    'a file system for everybody who does not come by a mount target': {
      seed: fileSystemWith([{ ...anybody, Condition: { Bool: { 'elasticfilesystem:AccessedViaMountTarget': 'false' } } }]),
      fixed: async (world, id) => expect(await statementsOf(world, id)).toEqual([narrowed]),
    },
    'a file system that names an account beside everybody': {
      seed: fileSystemWith([{ ...anybody, Principal: { AWS: ['444455556666', '*'] } }]),
      fixed: async (world, id) =>
        expect(await statementsOf(world, id)).toEqual([
          { ...anybody, Principal: { AWS: ['444455556666'] } },
          { ...narrowed, Sid: 'anybodyMountTargets' },
        ]),
    },
    'a file system that somebody else opens to a partner before the rollback': {
      seed: fileSystemWith([anybody]),
      meanwhile: (world, id) => put(world, id, [partner]),
      rollback: 'rollback-refused',
    },
  },
  compliant: {
    'a file system without a policy': { seed: fileSystemWith() },
    'a file system for a partner': { seed: fileSystemWith([partner, encrypted]) },
    'a file system for everybody by a mount target, as the console writes it': { seed: fileSystemWith([narrowed]) },
    'a file system for an organization': { seed: fileSystemWith([{ ...anybody, Condition: organization }]) },
  },
  obstacles: {
    'a file system for a tag of the caller, which anybody can have': {
      seed: fileSystemWith([{ ...anybody, Condition: { StringEquals: { 'aws:PrincipalTag/team': 'build' } } }]),
      outcome: 'unfixable',
      reason: /names? no account, organization or network/,
    },
    'a file system for everybody with exceptions': {
      seed: fileSystemWith([{ Effect: 'Allow', NotPrincipal: { AWS: 'arn:aws:iam::444455556666:root' }, Action: mounts }]),
      outcome: 'unfixable',
      reason: /exceptions/,
    },
  },
  missing: 'fs-0123456789abcdef0',
});

async function put(world: World, FileSystemId: string, Statement: readonly JsonObject[]): Promise<void> {
  await world.send(new PutFileSystemPolicyCommand({ FileSystemId, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }));
}

async function statementsOf(world: World, FileSystemId: string): Promise<unknown> {
  const { Policy = '' } = await world.send(new DescribeFileSystemPolicyCommand({ FileSystemId }));
  return (JSON.parse(Policy) as { readonly Statement: unknown }).Statement;
}

function fileSystemWith(statements?: readonly JsonObject[]) {
  return async (world: World): Promise<string> => {
    const CreationToken = Math.random().toString(36).slice(2);
    const { FileSystemId = '' } = await world.send(new CreateFileSystemCommand({ CreationToken }));
    if (statements) await put(world, FileSystemId, statements);
    return FileSystemId;
  };
}
