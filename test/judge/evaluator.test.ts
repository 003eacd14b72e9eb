import type { Template } from '../../infra/synth';
import type { Json } from '../../rules/rule';
import { useJudge } from './judge';

const statement = (Condition: Json): Json => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/*', Condition });

const templates = new Map<string, Template>([
  [
    'Stack',
    {
      Parameters: { Name: { Type: 'String', Default: 'reader' } },
      Conditions: { IsAws: { 'Fn::Equals': [{ Ref: 'AWS::Partition' }, 'aws'] } },
      Resources: {
        Reader: role('reader', [
          // biome-ignore lint/suspicious/noTemplateCurlyInString: a function of CloudFormation.
          { Effect: 'Allow', Action: 's3:GetObject', Resource: { 'Fn::Sub': 'arn:${AWS::Partition}:s3:::${Name}/*' } },
        ]),
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM.
        ByUser: role('by-user', [statement({ StringLike: { 's3:prefix': 'home/${aws:userid}/*' } })]),
        Strange: role('strange', [statement({ StringResembles: { 's3:prefix': 'a' } })]),
        ByKey: role('by-key', [statement({ StringEquals: { 's3:strangeKey': 'a' } })]),
        BySet: role('by-set', [
          statement({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': 'a*' }, Null: { 'dynamodb:LeadingKeys': 'false' } }),
        ]),
        Nowhere: { ...role('nowhere', []), Condition: 'IsChina' },
      },
    },
  ],
]);
(templates.get('Stack')?.Conditions as Record<string, Json>)['IsChina'] = { 'Fn::Not': [{ Condition: 'IsAws' }] };

function role(RoleName: string, Statement: Json[]) {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName,
      AssumeRolePolicyDocument: {
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
      },
      Policies: [{ PolicyName: 'a', PolicyDocument: { Statement } }],
    },
  };
}

const judge = useJudge(async () => ({ templates }), { partition: 'aws', account: '111122223333', region: 'eu-west-1' });
const get = (name: string, resource: string, context = {}) =>
  judge.judge({ principal: { role: name }, action: 's3:GetObject', resource, context });

it('resolves names, parameters and conditions of a template', async () => {
  expect(await get('reader', 'arn:aws:s3:::reader/b')).toMatchObject({ allowed: true });
  expect(await get('reader', 'arn:aws:s3:::writer/b')).toEqual({ allowed: false, why: 'not allowed by any policy' });
  expect([...judge.authorization.roles.keys()]).not.toContain('nowhere');
});

it('replaces the variables of a policy', async () => {
  const userid = 'AROABY-USER:session';
  expect(await get('by-user', 'arn:aws:s3:::a/b', { 's3:prefix': `home/${userid}/x` })).toMatchObject({ allowed: true });
  expect(await get('by-user', 'arn:aws:s3:::a/b', { 's3:prefix': 'home/other/x' })).toMatchObject({ allowed: false });
});

it('takes ForAllValues for met where there is no value, as AWS does, and Null for what it says', async () => {
  const context = (value: readonly string[] | null) => ({ 'dynamodb:LeadingKeys': value });
  expect(await get('by-set', 'arn:aws:s3:::a/b', context(['ab', 'ac']))).toMatchObject({ allowed: true });
  expect(await get('by-set', 'arn:aws:s3:::a/b', context(['ab', 'b']))).toMatchObject({ allowed: false });
  expect(await get('by-set', 'arn:aws:s3:::a/b', context(null))).toMatchObject({ allowed: false });
});

it('fails on a condition operator that it does not know', async () => {
  await expect(get('strange', 'arn:aws:s3:::a/b', { 's3:prefix': 'a' })).rejects.toThrow(
    "doesn't know the condition operator StringResembles",
  );
});

it('fails on a condition key of which the call says nothing', async () => {
  await expect(get('by-key', 'arn:aws:s3:::a/b')).rejects.toThrow('says nothing of the condition key s3:strangeKey');
});

it('lets nobody use a role who is not trusted', async () => {
  const assume = (service: string) =>
    judge.judge({ principal: { service }, action: 'sts:AssumeRole', resource: 'arn:aws:iam::111122223333:role/reader' });
  expect(await assume('lambda.amazonaws.com')).toMatchObject({ allowed: true });
  expect(await assume('ec2.amazonaws.com')).toMatchObject({ allowed: false });
});
