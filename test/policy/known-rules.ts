import * as z from 'zod';
import type { KnownRule } from '../../functions/policy/name-problems';

/** A small catalogue, as far as a policy is held against it. */
export const knownRules: readonly KnownRule[] = [
  { id: 's3-bucket-versioning-enabled', detectedBy: { securityHub: ['S3.14'], config: ['s3-bucket-versioning-enabled'] } },
  { id: 's3-bucket-tls-required', detectedBy: { securityHub: ['S3.5'], config: ['s3-bucket-ssl-requests-only'] } },
  {
    id: 'ec2-flow-logs-on',
    detectedBy: { securityHub: ['EC2.6'], config: ['vpc-flow-logs-enabled'] },
    parameters: z
      .strictObject({ days: z.int().min(1).default(365), least: z.int().default(0), destination: z.string() })
      .refine(({ days, least }) => least <= days, { path: ['least'], error: 'is more than days' }),
  },
];
