import { IAMClient } from '@aws-sdk/client-iam';
import { S3Client } from '@aws-sdk/client-s3';
import { S3ControlClient } from '@aws-sdk/client-s3-control';
import * as z from 'zod';
import { simulate } from '../iam/simulation/simulate';
import { sameJson } from '../json';
import { defineRule, type Resource } from '../rule';
import { listBuckets, listing } from './bucket/list';
import { addStatement, type OwnStatement, policyCommands, readOrEmpty, takeOutStatement, unreadable } from './bucket/own-statement';
import { bucketPolicyReading, readBucketPolicy } from './bucket/policy';
import { bucket } from './bucket/resource';
import { lock, sparedBy } from './lock/denial';

const id = 's3-bucket-locked';

const parameters = z.strictObject({
  responders: z
    .array(z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/))
    .min(1)
    .max(20)
    .describe('The roles that can still use a locked bucket: ARNs of roles, without wildcards.'),
});

export default defineRule({
  id,
  title: 'Attacked S3 buckets are locked to responders',
  why: 'While an attacker reads, deletes or encrypts the objects of a bucket, each minute costs data.',
  impact:
    'All requests to the bucket and its objects are denied, those of applications too, except for AWS services and the roles in `responders`. Replication stops. The bucket policy gets one more statement; all others stay. A rollback removes the statement.',
  severity: 'critical',
  risk: 'disruptive',
  resource: bucket,
  response: true,
  drill: { permits: simulate },
  marksOwnPart: true,
  detectedBy: {
    securityHub: [],
    config: [],
    guardDuty: {
      types: [
        'AttackSequence:S3/CompromisedData',
        'Impact:S3/AnomalousBehavior.Delete',
        'Impact:S3/AnomalousBehavior.Permission',
        'Impact:S3/AnomalousBehavior.Write',
        'Impact:S3/MaliciousIPCaller',
        'Object:S3/MaliciousFile',
      ],
    },
  },
  permissions: {
    inspect: [...bucketPolicyReading, listing],
    change: { actions: ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'], on: 'arn:{partition}:s3:::*' },
  },
  clients: [S3Client, S3ControlClient, IAMClient],
  commands: policyCommands,
  parameters,

  inspect: readBucketPolicy,

  plan(resource, state, { parameters: { responders } }) {
    const policy = readOrEmpty(state.policy);
    if (!policy) return unreadable;
    const roles = [...responders, ownRole(resource)];
    const [spared, ...others] = policy.statements.flatMap((statement) => {
      const found = sparedBy(statement, resource.arn);
      return found === undefined ? [] : [found];
    });
    if (spared === undefined) return addStatement(resource, state, statementFor(resource, roles));
    if (others.length === 0 && sameJson(spared, [...new Set(roles)].sort())) return [];
    return {
      unfixable: `The bucket is locked already, but for other roles (${[spared, ...others].flat().join(', ')}). Check who did that, and correct the statement of the bucket policy.`,
      code: 'locked-for-others',
    };
  },

  revertOwnPart: (resource, now, { before, after, parameters: { responders } }) =>
    takeOutStatement(
      resource,
      { now, before, after },
      statementFor(resource, responders),
      (ours) => sparedBy(ours, resource.arn) !== undefined,
    ),

  list: listBuckets,
});

/** The role that made the lock has to be able to take it away again. */
const ownRole = ({ partition, account }: Resource): string => `arn:${partition}:iam::${account}:role/posture-${id}`;

const statementFor = ({ arn }: Resource, roles: readonly string[]): OwnStatement => ({
  sid: 'PostureLocked',
  make: (sid) => lock(sid, arn, roles),
  name: 'the statement that locks the bucket',
});
