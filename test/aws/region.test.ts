import { isRegion, partitionIn } from '../../functions/aws/region';

test.each([
  'eu-west-1',
  'ap-southeast-7',
  'mx-central-1',
  'cn-northwest-1',
  'us-gov-east-1',
  'us-iso-east-1',
  'us-isob-west-1',
  'eu-isoe-west-1',
  'us-isof-south-1',
  'eusc-de-east-1',
  // That AWS does not have yet.
  'xx-west-12',
  'newpart-fr-midwest-1',
])('%s is a Region', (region) => {
  expect(isRegion(region)).toBe(true);
});

test.each([
  '',
  'global',
  'aws-global',
  'us-east-1a',
  'US-EAST-1',
  'eu-west-1\n',
  'eu--west-1',
  '-eu-west-1',
  'eu-west-',
  'us-gov-west-1.amazonaws.com',
  'eu-west-123',
  'a-b-c-d-e-f-1',
])('%j is no Region', (region) => {
  expect(isRegion(region)).toBe(false);
});

test.each([
  ['arn:aws:s3:::shop', 'aws'],
  ['arn:aws-us-gov:iam::111122223333:user/jane', 'aws-us-gov'],
  ['arn:aws-iso-b:lambda:us-isob-east-1:111122223333:function:shop', 'aws-iso-b'],
  ['arn:aws-eusc:s3:::shop', 'aws-eusc'],
  ['arn:aws-new-z:s3:::shop', 'aws-new-z'],
  ['arn:azure:s3:::shop', undefined],
  ['arn:aws', undefined],
  ['shop', undefined],
  [undefined, undefined],
])('the partition in %s is %s', (arn, partition) => {
  expect(partitionIn(arn)).toBe(partition);
});
