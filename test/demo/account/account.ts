import { cloudtrail } from './cloudtrail';
import { ec2 } from './ec2';
import { guardduty } from './guardduty';
import { iam } from './iam';
import { kms } from './kms';
import { lambda } from './lambda';
import type { Piece } from './piece';
import { rds } from './rds';
import { s3 } from './s3';
import { securityGroups } from './security-group';
import { sns } from './sns';
import { sqs } from './sqs';

/** The badly kept account, service by service. */
export const pieces: readonly Piece[] = [
  ...s3,
  ...securityGroups,
  ...ec2,
  ...iam,
  ...kms,
  ...cloudtrail,
  ...rds,
  ...lambda,
  ...sns,
  ...sqs,
  ...guardduty,
];
