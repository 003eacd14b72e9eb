import { DescribeVpcAttributeCommand } from '@aws-sdk/client-ec2';
import { callOf } from '../../functions/aws/call';
import type { Json, Resource } from '../../rules/rule';
import { dependentOn } from './dependent-permissions';
import { touchedBy } from './touched-arns';

const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
const arn = (rest: string): string => `arn:aws:${rest}`;
const vpc: Resource = { ...place, type: 'AWS::EC2::VPC', id: 'vpc-1', arn: arn('ec2:eu-west-1:111122223333:vpc/vpc-1') };

const touched = async (name: string, input: Json, resource?: Resource) => {
  const [service = '', operation = ''] = name.split(':');
  return touchedBy({ service, operation, input }, place, resource);
};

describe('the ARN that a call touches', () => {
  it.each<[string, string, Json, readonly string[]]>([
    [
      'is in the input',
      'rds:ListTagsForResource',
      { ResourceName: arn('rds:eu-west-1:111122223333:db:shop') },
      ['rds:eu-west-1:111122223333:db:shop'],
    ],
    ['ends in what the input names', 's3:GetBucketVersioning', { Bucket: 'shop' }, ['s3:::shop']],
    [
      'is told by a name that is only like that of the reference',
      'rds:ModifyDBInstance',
      { DBInstanceIdentifier: 'shop' },
      ['rds:eu-west-1:111122223333:db:shop'],
    ],
    ['is told by a bare name', 'cloudtrail:StartLogging', { Name: 'audit' }, ['cloudtrail:eu-west-1:111122223333:trail/audit']],
    [
      'ends as a URL does',
      'sqs:GetQueueAttributes',
      { QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/jobs' },
      ['sqs:eu-west-1:111122223333:jobs'],
    ],
    [
      'is told by each of a list',
      'ec2:DeleteVpcEndpoints',
      { VpcEndpointIds: ['vpce-1', 'vpce-2'] },
      ['ec2:eu-west-1:111122223333:vpc-endpoint/vpce-1', 'ec2:eu-west-1:111122223333:vpc-endpoint/vpce-2'],
    ],
    ['is that of the version of API Gateway', 'apigateway:GetStages', { restApiId: 'a1' }, ['apigateway:eu-west-1::/restapis/a1/stages']],
    [
      'has a part that AWS alone knows',
      'eks:DescribeNodegroup',
      { clusterName: 'shop', nodegroupName: 'nodes' },
      ['eks:eu-west-1:111122223333:nodegroup/shop/nodes/any-other'],
    ],
    [
      'is that of the environment, not of a template of its application',
      'elasticbeanstalk:DescribeConfigurationSettings',
      { ApplicationName: 'shop', EnvironmentName: 'live' },
      ['elasticbeanstalk:eu-west-1:111122223333:environment/shop/live'],
    ],
    [
      'is one of the types alone whose tags are read',
      'athena:ListTagsForResource',
      { ResourceARN: arn('athena:eu-west-1:111122223333:workgroup/shop') },
      ['athena:eu-west-1:111122223333:workgroup/shop'],
    ],
    [
      'is also that of what is made',
      'ec2:CreateFlowLogs',
      { ResourceType: 'VPC', ResourceIds: ['vpc-1'] },
      ['ec2:eu-west-1:111122223333:vpc/vpc-1', 'ec2:eu-west-1:111122223333:vpc-flow-log/any-other'],
    ],
    [
      'is any of the type alone that the input says',
      'ssm:ListTagsForResource',
      { ResourceType: 'Document', ResourceId: 'restart' },
      ['ssm:eu-west-1:111122223333:document/any-other'],
    ],
    [
      'has no account in a document of AWS',
      'ssm:DescribeDocumentPermission',
      { Name: 'AWS-RunPatchBaseline', PermissionType: 'Share' },
      ['ssm:eu-west-1::document/AWS-RunPatchBaseline'],
    ],
    [
      'is also that of what is made with tags',
      'ec2:CreateVpcEndpoint',
      { VpcId: 'vpc-2', SubnetIds: ['subnet-1'], TagSpecifications: [{ ResourceType: 'vpc-endpoint', Tags: [] }] },
      [
        'ec2:eu-west-1:111122223333:subnet/subnet-1',
        'ec2:eu-west-1:111122223333:vpc/vpc-2',
        'ec2:eu-west-1:111122223333:vpc-endpoint/any-other',
      ],
    ],
  ])('%s: %s', async (_how, name, input, arns) => {
    expect(await touched(name, input, vpc)).toMatchObject({ arns: arns.map(arn), among: 'all' });
  });

  it('is none where IAM has none to name', async () => {
    expect(await touched('ec2:DescribeVpcs', { VpcIds: ['vpc-1'] }, vpc)).toEqual({
      action: 'ec2:DescribeVpcs',
      arns: ['*'],
      among: 'all',
    });
  });

  it('is any of a type where the input names none', async () => {
    expect(await touched('rds:DescribeDBClusterSnapshots', {})).toEqual({
      action: 'rds:DescribeDBClusterSnapshots',
      arns: [arn('rds:eu-west-1:111122223333:cluster:any-other'), arn('rds:eu-west-1:111122223333:cluster-snapshot:any-other')],
      among: 'any',
    });
  });

  it('is told by a command as the SDK has it', async () => {
    const call = callOf(new DescribeVpcAttributeCommand({ VpcId: 'vpc-2', Attribute: 'enableDnsSupport' }));
    expect((await touchedBy(call, place, vpc)).arns).toEqual([arn('ec2:eu-west-1:111122223333:vpc/vpc-2')]);
  });
});

describe('what AWS asks for beside the call', () => {
  const beside = async (name: string, input: Json, held: readonly string[]) => {
    const [service = '', operation = ''] = name.split(':');
    const call = { service, operation, input };
    return dependentOn(call, await touchedBy(call, place, undefined), held, place);
  };

  it('is to pass a role that the input names', async () => {
    const role = arn('iam::111122223333:role/delivery');
    expect(await beside('cloudtrail:UpdateTrail', { Name: 'audit', CloudWatchLogsRoleArn: role }, ['iam:PassRole'])).toEqual([
      { action: 'iam:PassRole', arns: [role], among: 'all' },
    ]);
  });

  it('is to tag what is made with tags, by the action that is held', async () => {
    const group = { logGroupName: '/posture/shop' };
    const held = ['logs:TagResource', 'logs:CreateLogGroup', 'iam:TagRole'];
    expect(await beside('cloudwatchlogs:CreateLogGroup', { ...group, tags: { owner: 'web' } }, held)).toEqual([
      { action: 'logs:TagResource', arns: [arn('logs:eu-west-1:111122223333:log-group:/posture/shop')], among: 'all' },
    ]);
    expect(await beside('cloudwatchlogs:CreateLogGroup', group, held)).toEqual([]);
  });

  it('is to tag what EC2 makes, and not what it makes it for', async () => {
    const tags = [{ ResourceType: 'vpc-flow-log', Tags: [{ Key: 'owner', Value: 'web' }] }];
    expect(
      await beside('ec2:CreateFlowLogs', { ResourceType: 'VPC', ResourceIds: ['vpc-1'], TagSpecifications: tags }, ['ec2:CreateTags']),
    ).toEqual([{ action: 'ec2:CreateTags', arns: [arn('ec2:eu-west-1:111122223333:vpc-flow-log/any-other')], among: 'all' }]);
  });
});
