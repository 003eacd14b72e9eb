import { DescribeFileSystemPolicyCommand, DescribeFileSystemsCommand, EFSClient, PutFileSystemPolicyCommand } from '@aws-sdk/client-efs';
import { undefinedOn } from '../absence';
import { readPolicy, writePolicy } from '../policy';
import { defineRule, notFound } from '../rule';
import { listFileSystems } from './file-system/list';
import { narrow } from './file-system/narrow';
import { fileSystem, fileSystems } from './file-system/resource';

export default defineRule({
  id: 'efs-file-system-policy-not-public',
  title: 'EFS file system policies do not allow public access',
  why: 'With a public policy, any AWS account that reaches the file system over the network of a peer, or by its API, can read and change the files.',
  impact:
    'Public statements apply only to clients that come by a mount target of the file system, as NFS clients do: they keep access. Other accounts and services that have access only through the public statements, and not by a mount target, lose it: add them to the policy first. Named principals keep access. No statement is removed, because a file system without a policy lets all clients of its network read, write and act as root.',
  severity: 'critical',
  risk: 'disruptive',
  exposes: true,
  resource: fileSystem,
  property: 'FileSystemPolicy',
  detectedBy: { securityHub: [], config: [], accessAnalyzer: ['PublicAccess/AWS::EFS::FileSystem'] },
  permissions: {
    inspect: [
      { actions: ['elasticfilesystem:DescribeFileSystemPolicy'], on: fileSystems },
      { actions: ['elasticfilesystem:DescribeFileSystems'], on: 'arn:{partition}:elasticfilesystem:{region}:{account}:file-system/*' },
    ],
    change: { actions: ['elasticfilesystem:PutFileSystemPolicy'], on: fileSystems },
  },
  clients: [EFSClient],
  commands: [PutFileSystemPolicyCommand],

  async inspect({ id: FileSystemId }, aws) {
    const found = await undefinedOn(['FileSystemNotFound'], aws.send(new DescribeFileSystemsCommand({ FileSystemId })));
    if (!found?.FileSystems?.length) return notFound;
    const answer = await undefinedOn(
      ['PolicyNotFound', 'FileSystemNotFound'],
      aws.send(new DescribeFileSystemPolicyCommand({ FileSystemId })),
    );
    return { policy: answer?.Policy ?? null };
  },

  plan({ id: FileSystemId }, { policy: text }) {
    if (text === null) return [];
    const policy = readPolicy(text);
    if (!policy)
      return {
        unfixable: 'The policy of the file system cannot be parsed as JSON and rewritten without loss. Rewrite it manually.',
        code: 'state-unreadable',
      };
    const narrowed = narrow(policy.statements);
    if (narrowed === undefined) return [];
    if ('unfixable' in narrowed) return narrowed;
    // By default, EFS rejects a policy that would keep the caller from setting another.
    const put = (Policy: string) => new PutFileSystemPolicyCommand({ FileSystemId, Policy });
    return [{ do: put(writePolicy(policy, narrowed)), undo: put(text) }];
  },

  list: listFileSystems,
});
