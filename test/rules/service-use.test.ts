import type { JsonObject } from '../../rules/json';
import { admits, type ServiceUse } from '../../rules/service-use';

const use: ServiceUse = {
  service: 'cloudtrail.amazonaws.com',
  action: 's3:PutObject',
  resource: 'arn:aws:s3:::logs/AWSLogs/1/*',
  context: { 'aws:sourcearn': 'arn:aws:cloudtrail:eu-west-1:1:trail/t', 'aws:sourceaccount': '1' },
};
const statement: JsonObject = {
  Effect: 'Allow',
  Principal: { Service: 'cloudtrail.amazonaws.com' },
  Action: 's3:PutObject',
  Resource: 'arn:aws:s3:::logs/AWSLogs/1/*',
};

it.each<[string, JsonObject]>([
  ['the very statement', {}],
  ['one for several services', { Principal: { Service: ['config.amazonaws.com', 'cloudtrail.amazonaws.com'] } }],
  ['one for everybody', { Principal: '*' }],
  ['one about all actions', { Action: ['S3:put*'] }],
  ['one about the whole bucket', { Resource: ['arn:aws:s3:::other/*', 'arn:aws:s3:::logs/*'] }],
  ['a condition that is met', { Condition: { StringEquals: { 'AWS:SourceArn': 'arn:aws:cloudtrail:eu-west-1:1:trail/t' } } }],
  [
    'patterns that fit',
    { Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:cloudtrail:*:1:trail/*' }, StringLike: { 'aws:SourceAccount': ['2', '?'] } } },
  ],
  ['a pattern of a text that reaches over its parts', { Condition: { StringLike: { 'aws:SourceArn': 'arn:aws:cloudtrail:*:trail/t' } } }],
  ['a condition on what may be there', { Condition: { StringEqualsIfExists: { 'aws:SourceAccount': '1' } } }],
])('%s lets the service in', (_what, over) => {
  expect(admits([{ Effect: 'Deny' }, { ...statement, ...over }], use)).toBe(true);
});

it.each<[string, JsonObject]>([
  ['a denial', { Effect: 'Deny' }],
  ['one for another service', { Principal: { Service: 'config.amazonaws.com' } }],
  ['one for an account', { Principal: { AWS: '*' } }],
  ['one for nobody', { Principal: undefined }],
  ['one about another action', { Action: 's3:PutObjectAcl' }],
  ['one about all other actions', { Action: undefined, NotAction: 's3:GetObject' }],
  ['one about another folder', { Resource: 'arn:aws:s3:::logs/AWSLogs/2/*' }],
  ['one about a single object', { Resource: 'arn:aws:s3:::logs/AWSLogs/1/' }],
  ['a pattern of an ARN that reaches over its parts', { Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudtrail:*:trail/t' } } }],
  ['another account', { Condition: { StringEquals: { 'aws:SourceAccount': '2' } } }],
  ['a pattern where there are none', { Condition: { StringEquals: { 'aws:SourceAccount': '*' } } }],
  ['a condition that is met beside one that is not', { Condition: { StringEquals: { 'aws:SourceAccount': '1', 'aws:SourceArn': 'x' } } }],
  ['an unknown key', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }],
  ['an unknown operator', { Condition: { StringNotEquals: { 'aws:SourceAccount': '2' } } }],
  ['a condition that is none', { Condition: 'always' }],
])('%s does not', (_what, over) => {
  expect(admits([{ ...statement, ...over }], use)).toBe(false);
});
