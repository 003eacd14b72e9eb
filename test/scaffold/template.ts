/**
 * The files of a new rule, by their path. They compile and pass as they are, on the versioning of buckets: a start to be
 * replaced call by call, with the words in capitals.
 */
export function scaffold(service: string, name: string): Readonly<Record<string, string>> {
  return {
    [`rules/${service}/${name}.ts`]: `import { GetBucketVersioningCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { unless } from '../absence';
import { defineRule, gone } from '../rule';

export default defineRule({
  id: '${service}-${name}',
  title: 'THE WISHED STATE, IN A SENTENCE WITHOUT A FULL STOP',
  why: 'WHAT CAN HAPPEN OTHERWISE.',
  impact: 'WHAT THE OWNER NOTICES, AND WHAT IT COSTS.',
  severity: 'medium',
  risk: 'safe',
  reversible: 'nearly',
  resource: { type: 'AWS::S3::Bucket', arn: 'arn:{partition}:s3:::{id}', scope: 'global' },
  detectedBy: { securityHub: ['SERVICE.0'], config: ['${service}-${name}'] },
  permissions: {
    inspect: { actions: ['s3:GetBucketVersioning'], on: 'arn:{partition}:s3:::*' },
    change: { actions: ['s3:PutBucketVersioning'], on: 'arn:{partition}:s3:::*' },
  },
  clients: [S3Client],
  commands: [PutBucketVersioningCommand],

  async inspect({ id }, aws) {
    const answer = await unless(['NoSuchBucket'], aws.send(new GetBucketVersioningCommand({ Bucket: id })));
    return answer ? { status: answer.Status ?? 'Never enabled' } : gone;
  },

  plan({ id }, { status }) {
    if (status === 'Enabled') return [];
    return [{ do: versioning(id, 'Enabled'), undo: versioning(id, 'Suspended'), nearest: 'WHY THE UNDO REACHES ONLY THE NEAREST STATE.' }];
  },
});

const versioning = (Bucket: string, Status: 'Enabled' | 'Suspended') =>
  new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } });
`,
    [`test/rules/${service}/${name}.test.ts`]: `import { CreateBucketCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import rule from '../../../rules/${service}/${name}';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';

describeRule(rule, {
  violations: {
    'THE FAULT, IN WORDS': { seed: newBucket, rolledBack: async () => {} },
  },
  compliant: {
    'WHAT LOOKS LIKE IT, BUT IS AS IT SHOULD BE': {
      async seed(world) {
        const Bucket = await newBucket(world);
        await world.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
        return Bucket;
      },
    },
  },
  missing: 'no-such-bucket-anywhere',
});

async function newBucket(world: World): Promise<string> {
  const Bucket = \`new-rule-\${world.account}-\${Math.random().toString(36).slice(2)}\`;
  await world.send(new CreateBucketCommand({ Bucket }));
  return Bucket;
}
`,
  };
}
