import { type Cell, settled, shown } from '../aws/cells';
import { partnerStatement, type Sort, sorted, statementsIn, tag, withStatement } from './sort';

const whole = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };

const tlsStatement = (arn: string) => ({
  Sid: 'Tls',
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: [arn, `${arn}/*`],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Principal: unknown;
  readonly Condition?: unknown;
}

const statements = (cell: Cell) => statementsIn(cell.policy) as readonly Statement[];

const isTls = ({ Effect, Condition }: Statement): boolean =>
  Effect === 'Deny' && JSON.stringify(Condition ?? '').includes('SecureTransport');

/** Two rules change its policy, three others its other settings. */
export const bucket: Sort = {
  type: 'AwsS3Bucket',

  make({ account, region }, number) {
    const arn = `arn:aws:s3:::storm-${number}`;
    const policy = withStatement(null, tlsStatement(arn));
    const rules = [{ ID: 'own', Status: 'Enabled', Filter: { Prefix: '' }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 3 } }];
    return { arn, cell: { account, region, arn, policy, block: whole, versioning: 'Enabled', lifecycle: settled(rules), tags: {} } };
  },

  misconfigurations: [
    {
      rule: 's3-bucket-tls-required',
      control: 'S3.5',
      bring(cell) {
        const left = statements(cell).filter((statement) => !isTls(statement));
        cell.policy = left.length > 0 ? JSON.stringify({ Version: '2012-10-17', Statement: left }) : null;
      },
      isIn: (cell) => !statements(cell).some(isTls),
    },
    {
      rule: 's3-bucket-settings-own-account-only',
      control: 'S3.6',
      bring(cell) {
        cell.policy = withStatement(cell.policy, {
          Sid: 'Foreign',
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::999988887777:root' },
          Action: ['s3:GetObject', 's3:PutBucketPolicy'],
          Resource: [cell.arn, `${cell.arn}/*`],
        });
      },
      isIn: (cell) =>
        statements(cell).some(
          ({ Principal, Action }) => JSON.stringify(Principal).includes('999988887777') && Action.includes('s3:PutBucketPolicy'),
        ),
    },
    {
      rule: 's3-bucket-public-access-blocked',
      control: 'S3.8',
      bring(cell, random) {
        cell.block = random.chance(0.5) ? null : { ...whole, BlockPublicPolicy: false };
      },
      isIn: ({ block }) => block === null || !Object.values(block).every(Boolean),
    },
    {
      rule: 's3-bucket-versioning-enabled',
      control: 'S3.14',
      bring(cell, random) {
        cell.versioning = random.chance(0.5) ? null : 'Suspended';
      },
      isIn: ({ versioning }) => versioning !== 'Enabled',
    },
    {
      rule: 's3-bucket-lifecycle-configured',
      control: 'S3.13',
      bring(cell) {
        cell.lifecycle = settled([]);
      },
      isIn: ({ lifecycle }, now) => !shown<readonly { Status: string }[]>(lifecycle, now).some(({ Status }) => Status === 'Enabled'),
    },
  ],

  others: [
    (cell, number) => {
      cell.policy = withStatement(cell.policy, partnerStatement(number, 's3:GetObject', `${cell.arn}/*`));
    },
    tag,
  ],

  view: ({ policy, block, versioning, lifecycle, tags }, now) => ({
    policy: sorted(statementsIn(policy)),
    block,
    // A bucket never returns to the unversioned state.
    versioning: versioning ?? 'Suspended',
    lifecycle: shown(lifecycle, now),
    tags,
  }),
};
