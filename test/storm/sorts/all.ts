import { account } from './account';
import { bucket } from './bucket';
import { dbInstance } from './db-instance';
import { lambdaFunction } from './function';
import { key } from './key';
import { queue } from './queue';
import { defaultSecurityGroup, securityGroup } from './security-group';
import type { Sort } from './sort';
import { topic } from './topic';

/** The sorts of resources, and how many of a hundred resources are of each. */
export const sorts: readonly (readonly [sort: Sort, share: number])[] = [
  [bucket, 34],
  [securityGroup, 16],
  [defaultSecurityGroup, 7],
  [lambdaFunction, 11],
  [queue, 14],
  [topic, 8],
  [key, 5],
  [dbInstance, 5],
];

/** Each account has one of these. */
export const perAccount: Sort = account;
