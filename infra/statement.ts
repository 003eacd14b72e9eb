import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Access } from '../functions/aws/leading-keys';

export const allow = (
  actions: string[],
  resource: string,
  conditions?: Record<string, Record<string, string | string[]>>,
): PolicyStatement => new PolicyStatement({ actions, resources: [resource], ...(conditions && { conditions }) });

/** Items of the table whose keys match, and no others. */
export const allowItems = (table: Table, access: Access): readonly PolicyStatement[] =>
  access.map(([action, patterns]) => allow([`dynamodb:${action}`], table.tableArn, onKeys(...patterns)));

/** For calls that name keys like these, and no others. */
export const onKeys = (...patterns: readonly string[]): Record<string, Record<string, string | string[]>> => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...patterns] },
  // The condition above is also met by a call that names no key.
  Null: { 'dynamodb:LeadingKeys': 'false' },
});
