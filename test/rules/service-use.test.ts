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
  ['a condition that leaves out others', { Condition: { StringNotEquals: { 'aws:SourceAccount': '2' } } }],
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
  ['an unknown operator', { Condition: { DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } } }],
  ['a condition that leaves it out', { Condition: { StringNotEquals: { 'aws:SourceAccount': '1' } } }],
  ['a condition that is none', { Condition: 'always' }],
])('%s does not', (_what, over) => {
  expect(admits([{ ...statement, ...over }], use)).toBe(false);
});

const denial: JsonObject = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::logs/*' };

it.each<[string, JsonObject]>([
  ['of everything', {}],
  ['of the service', { Principal: { Service: 'cloudtrail.amazonaws.com' } }],
  ['of all principals', { Principal: { AWS: '*' } }],
  ['of all but some', { Principal: undefined, NotPrincipal: { AWS: 'arn:aws:iam::1:root' } }],
  ['of all actions but another', { Action: undefined, NotAction: 's3:GetObject' }],
  ['of a part of the folder', { Resource: 'arn:aws:s3:::logs/AWSLogs/1/CloudTrail/*' }],
  ['of all resources but some', { Resource: undefined, NotResource: 'arn:aws:s3:::other/*' }],
  ['of whatever is not of the organization', { Condition: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' } } }],
  ['of what comes for other accounts', { Condition: { StringNotEquals: { 'aws:SourceAccount': '2' } } }],
  ['by a condition that is none', { Condition: 'always' }],
])('is kept out by a denial %s', (_what, over) => {
  expect(admits([statement, { ...denial, ...over }], use)).toBe(false);
});

it.each<[string, JsonObject]>([
  ['without TLS', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
  ['without TLS, as JSON has it', { Condition: { Bool: { 'aws:SecureTransport': false } } }],
  ['by an old TLS', { Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } } }],
  [
    'of whatever is not of the organization, but for services',
    { Condition: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } } },
  ],
  ['of what comes for other accounts than this', { Condition: { StringNotEquals: { 'aws:SourceAccount': '1' } } }],
  ['of a role', { Principal: { AWS: 'arn:aws:iam::1:role/x' } }],
  ['of another service', { Principal: { Service: 'config.amazonaws.com' } }],
  ['of another action', { Action: 's3:DeleteObject' }],
  ['of all actions but this', { Action: undefined, NotAction: 's3:PutObject' }],
  ['of another folder', { Resource: 'arn:aws:s3:::logs/private/*' }],
])('is let in in spite of a denial %s', (_what, over) => {
  expect(admits([statement, { ...denial, ...over }], use)).toBe(true);
});
