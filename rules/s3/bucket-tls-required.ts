import { S3Client } from '@aws-sdk/client-s3';
import { S3ControlClient } from '@aws-sdk/client-s3-control';
import { defineRule, type Resource } from '../rule';
import { listBuckets, listing } from './bucket/list';
import { addStatement, type OwnStatement, policyCommands, readOrEmpty, takeOutStatement, unreadable } from './bucket/own-statement';
import { bucketPolicyReading, readBucketPolicy } from './bucket/policy';
import { bucket } from './bucket/resource';
import { denial, requiresTls } from './tls/denial';

export default defineRule({
  id: 's3-bucket-tls-required',
  title: 'S3 bucket policies deny requests without TLS',
  why: 'S3 also accepts plain HTTP, over which objects and request signatures can be read and changed in transit.',
  impact:
    'Clients that use plain HTTP are denied, including visitors of an S3 website endpoint, which does not support TLS. The bucket policy gets one more statement; all others stay.',
  severity: 'medium',
  risk: 'disruptive',
  resource: bucket,
  marksOwnPart: true,
  detectedBy: { securityHub: ['S3.5'], config: ['s3-bucket-ssl-requests-only'] },
  permissions: {
    inspect: [...bucketPolicyReading, listing],
    change: { actions: ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'], on: 'arn:{partition}:s3:::*' },
  },
  clients: [S3Client, S3ControlClient],
  commands: policyCommands,

  inspect: readBucketPolicy,

  plan(resource, state) {
    const policy = readOrEmpty(state.policy);
    if (!policy) return unreadable;
    return requiresTls(policy.statements, resource.arn) ? [] : addStatement(resource, state, statementFor(resource));
  },

  revertOwnPart: (resource, now, { before, after }) =>
    takeOutStatement(resource, { now, before, after }, statementFor(resource), (ours) => requiresTls([ours], resource.arn)),

  list: listBuckets,
});

const statementFor = ({ arn }: Resource): OwnStatement => ({
  sid: 'PostureRequireTls',
  make: (sid) => denial(sid, arn),
  name: 'the statement that requires TLS',
});
