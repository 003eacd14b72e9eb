import { partitionOf } from '../../functions/aws/region';

test.each([
  ['eu-west-1', 'aws'],
  ['us-east-1', 'aws'],
  ['ap-southeast-7', 'aws'],
  ['mx-central-1', 'aws'],
  ['il-central-1', 'aws'],
  ['ca-west-1', 'aws'],
  ['cn-north-1', 'aws-cn'],
  ['cn-northwest-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
  ['us-gov-east-1', 'aws-us-gov'],
])('the region %s is of the partition %s', (region, partition) => {
  expect(partitionOf(region)).toBe(partition);
});

test.each([
  '',
  'global',
  'aws-global',
  'us-iso-east-1',
  'us-east-0',
  'us-east-1a',
  'US-EAST-1',
  'eu-west-1\n',
  'xx-west-1',
  'cn-gov-west-1',
  'cn-north-1x',
  'us-gov-west-1.amazonaws.com',
])('the region %j is unknown', (region) => {
  expect(partitionOf(region)).toBeUndefined();
});
