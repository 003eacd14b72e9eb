import { loadRules } from '../../../functions/catalogue/catalogue';
import { readChanged } from '../../../functions/sources/cloudtrail/read';
import { envelopeShape } from '../../../functions/sources/envelope';
import { recordedCallEvent } from '../../events/cloudtrail';
import { home } from '../../events/resources';
import * as fc from '../../fast-check';

const rules = loadRules().map(({ rule }) => rule);
const read = (event: unknown) => readChanged(rules, envelopeShape.parse(event), { partition: 'aws' });
const named = (event: unknown) => {
  const changed = read(event);
  return 'refusals' in changed
    ? changed.refusals.map(({ kind, code }) => `${kind}: ${code}`)
    : changed.resources.map(({ resource: { kind, reported } }) => `${kind.type} ${'arn' in reported ? reported.arn : reported.configId}`);
};
const rulesOf = (event: unknown) => {
  const changed = read(event);
  return 'refusals' in changed ? [] : changed.resources.flatMap((one) => one.rules);
};

describe('a call', () => {
  it.each<[string, string, Parameters<typeof recordedCallEvent>[2], readonly string[]]>([
    ['s3', 'PutBucketPolicy', { requestParameters: { bucketName: 'invoices', policy: '{}' } }, ['AWS::S3::Bucket invoices']],
    ['ec2', 'AuthorizeSecurityGroupIngress', { requestParameters: { groupId: 'sg-0a1b2c3d' } }, ['AWS::EC2::SecurityGroup sg-0a1b2c3d']],
    [
      'ec2',
      'ModifySecurityGroupRules',
      { requestParameters: { ModifySecurityGroupRulesRequest: { GroupId: 'sg-0a1b2c3d' } } },
      ['AWS::EC2::SecurityGroup sg-0a1b2c3d'],
    ],
    [
      'ec2',
      'RunInstances',
      { responseElements: { instancesSet: { items: [{ instanceId: 'i-01' }, { instanceId: 'i-02' }, { instanceId: 'i-01' }] } } },
      ['AWS::EC2::Instance i-01', 'AWS::EC2::Instance i-02'],
    ],
    ['iam', 'AttachUserPolicy', { requestParameters: { userName: 'jane' } }, ['AWS::IAM::User jane']],
    ['rds', 'ModifyDBInstance', { requestParameters: { dBInstanceIdentifier: 'orders' } }, ['AWS::RDS::DBInstance orders']],
    [
      'lambda',
      'AddPermission20150331v2',
      { requestParameters: { functionName: 'arn:aws:lambda:eu-west-1:111122223333:function:pay' } },
      ['AWS::Lambda::Function arn:aws:lambda:eu-west-1:111122223333:function:pay'],
    ],
    [
      'sqs',
      'SetQueueAttributes',
      { requestParameters: { queueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/jobs' } },
      ['AWS::SQS::Queue https://sqs.eu-west-1.amazonaws.com/111122223333/jobs'],
    ],
    [
      'config',
      'StopConfigurationRecorder',
      { requestParameters: { configurationRecorderName: 'default' } },
      ['AWS::::Account 111122223333'],
    ],
  ])('of %s, %s, names what it changed', (service, call, parts, expected) => {
    expect(named(recordedCallEvent(service, call, parts))).toEqual(expected);
  });

  it('is looked at by all rules for the type, and for a setting of the account by those that the call concerns', () => {
    const ofBuckets = rules.filter(({ resource }) => [resource].flat().some(({ type }) => type === 'AWS::S3::Bucket')).map(({ id }) => id);
    const bucket = recordedCallEvent('s3', 'PutBucketAcl', { requestParameters: { bucketName: 'invoices' } });
    expect(rulesOf(bucket)).toEqual(ofBuckets);
    expect(ofBuckets.length).toBeGreaterThan(5);
    expect(rulesOf(recordedCallEvent('ec2', 'DisableEbsEncryptionByDefault', {}))).toEqual(['ec2-ebs-encryption-by-default']);
  });

  it.each<[string, Parameters<typeof recordedCallEvent>[3]]>([
    ['failed', { detail: { errorCode: 'AccessDenied' } }],
    ['only reads', { detail: { readOnly: true } }],
    [
      'was made by a rule of the app in this account',
      {
        detail: {
          userIdentity: {
            type: 'AssumedRole',
            arn: 'arn:aws:sts::111122223333:assumed-role/posture-s3-bucket-versioning-enabled/s3-bucket-versioning-enabled',
          },
        },
      },
    ],
  ])('that %s is left', (_, change) => {
    expect(named(recordedCallEvent('s3', 'PutBucketAcl', { requestParameters: { bucketName: 'invoices' } }, change))).toEqual([
      'ignored: own-update',
    ]);
  });

  it('is looked at if the role is of another account, or has only the name of ours', () => {
    for (const arn of [
      'arn:aws:sts::999988887777:assumed-role/posture-s3-bucket-versioning-enabled/s3-bucket-versioning-enabled',
      'arn:aws:sts::111122223333:assumed-role/posture-s3-bucket-versioning-enabled/jane',
    ]) {
      const event = recordedCallEvent(
        's3',
        'PutBucketAcl',
        { requestParameters: { bucketName: 'invoices' } },
        { detail: { userIdentity: { type: 'AssumedRole', arn } } },
      );
      expect(named(event)).toEqual(['AWS::S3::Bucket invoices']);
    }
  });
});

describe('a record that', () => {
  const good = () => recordedCallEvent('s3', 'PutBucketAcl', { requestParameters: { bucketName: 'invoices' } });
  const detail = (change: object) => ({ ...good(), detail: { ...good().detail, ...change } });
  it.each<[string, object, readonly string[]]>([
    ['is of another account than its envelope', detail({ recipientAccountId: '999988887777' }), ['invalid: contradictory-event']],
    ['is of another Region', detail({ awsRegion: 'us-east-1' }), ['invalid: contradictory-event']],
    ['is of another service than its source', { ...good(), source: 'aws.ec2' }, ['invalid: contradictory-event']],
    ['comes from no service of AWS', { ...good(), source: 'posture.s3' }, ['invalid: contradictory-event']],
    ['is of another type', { ...good(), 'detail-type': 'AWS Console Sign In via CloudTrail' }, ['invalid: unsupported-event']],
    ['has no detail', { ...good(), detail: undefined }, ['invalid: malformed-event']],
    ['has no time', detail({ eventTime: 'yesterday' }), ['invalid: malformed-event']],
    ['names nothing', detail({ requestParameters: null }), ['ignored: unsupported-event']],
    ['names no text', detail({ requestParameters: { bucketName: { $ne: 1 } } }), ['ignored: unsupported-event']],
    [
      'names a bucket of another partition',
      detail({ requestParameters: { bucketName: 'arn:aws-cn:s3:::invoices' } }),
      ['invalid: contradictory-event'],
    ],
    ['names what is too long', detail({ requestParameters: { bucketName: 'a'.repeat(5000) } }), ['ignored: invalid-resource-id']],
    ['is of a call that changes nothing of ours', detail({ eventName: 'PutBucketTagging' }), ['ignored: unsupported-event']],
    ['calls itself by an inherited name', detail({ eventName: 'constructor' }), ['ignored: unsupported-event']],
  ])('%s leads to no look', (_, event, expected) => {
    expect(named(event)).toEqual(expected);
  });

  it('is anything at all never throws, and never names another account or Region', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (requestParameters, responseElements) => {
        const event = recordedCallEvent('ec2', 'RunInstances', {}, { detail: { requestParameters, responseElements } });
        const changed = read(event);
        for (const one of 'refusals' in changed ? [] : changed.resources) expect(one).toMatchObject(home);
      }),
    );
  });
});
