import { loadRules } from '../../functions/catalogue/catalogue';
import { sealEnvironment } from '../../functions/seal/environment';
import type { Synthesis } from '../../infra/synth';
import { type PlainResource, plainResources } from './plain';
import { synthesized, temporaryFolder } from './synthesized';

const outdir = temporaryFolder('seal');
let synthesis: Synthesis;
let resources: readonly PlainResource[];
beforeAll(async () => {
  synthesis = await synthesized(outdir, { entries: loadRules().slice(0, 1) });
  resources = plainResources(synthesis);
});

const named = (type: string, name: string, of = resources) => of.find((one) => one.type === type && one.name === name)?.properties;
const bucket = () => {
  const [found] = resources.filter(({ type }) => type === 'AWS::S3::Bucket');
  return found?.logicalId ?? '';
};
const key = () => {
  const [found, ...others] = resources.filter(({ type }) => type === 'AWS::KMS::Key');
  if (!found || others.length > 0) throw new Error('There is not one key.');
  return found;
};
const allowed = (of = resources) =>
  (
    named('AWS::IAM::Role', 'posture-function-seal', of).Policies[0].PolicyDocument.Statement as readonly { readonly Effect: string }[]
  ).filter(({ Effect }) => Effect === 'Allow');

describe('the sealing function', () => {
  it('runs every hour, and gets the environment that it reads', () => {
    expect(named('AWS::Events::Rule', 'posture-seal')).toMatchObject({
      ScheduleExpression: 'cron(20 * * * ? *)',
      Targets: [{ Arn: 'posture-seal.Arn' }],
    });
    const { Variables } = named('AWS::Lambda::Function', 'posture-seal').Environment;
    expect(Object.keys(Variables).toSorted()).toEqual(Object.keys(sealEnvironment.shape).toSorted());
  });

  it('may read the archive, write seals and keys, sign with the key of the seals, publish the head, and record the newest: no more', () => {
    const on = (prefix: string) => `${bucket()}.Arn/${prefix}/*`;
    const signs = { Effect: 'Allow', Action: ['kms:Sign', 'kms:GetPublicKey'], Resource: `${key().logicalId}.Arn` };
    expect(allowed()).toEqual([
      {
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: `${bucket()}.Arn`,
        Condition: { StringLike: { 's3:prefix': ['log/*', 'seals/*'] } },
      },
      ...['log', 'seals', 'keys'].map((prefix) => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: on(prefix) })),
      ...['seals', 'keys'].map((prefix) => ({ Effect: 'Allow', Action: 's3:PutObject', Resource: on(prefix) })),
      signs,
      signs,
      signs,
      { Effect: 'Allow', Action: 'sns:Publish', Resource: 'posture-seals.Ref' },
      {
        Effect: 'Allow',
        Action: 'dynamodb:PutItem',
        Resource: 'posture-coordination.Arn',
        Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['seal'] }, Null: { 'dynamodb:LeadingKeys': 'false' } },
      },
      { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: 'posture-failed.Arn' },
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '/aws/lambda/posture-seal.Arn' },
      { Effect: 'Allow', Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], Resource: '*' },
    ]);
  });

  it('signs with the key that a parameter names, and hands over from the one before', () => {
    const [SealKey, FormerSealKey] = ['one', 'two'].map((id) => `arn:aws:kms:eu-west-1:444455556666:key/${id}`) as [string, string];
    const given = plainResources(synthesis, { SealKey, FormerSealKey });
    const { Variables } = named('AWS::Lambda::Function', 'posture-seal', given).Environment;
    expect([Variables.SEAL_KEY, Variables.FORMER_KEY]).toEqual([SealKey, FormerSealKey]);
    const signs = allowed(given).flatMap((one) =>
      JSON.stringify(one).includes('kms:Sign') ? [(one as unknown as { readonly Resource: string }).Resource] : [],
    );
    expect(signs).toEqual([`${key().logicalId}.Arn`, SealKey, FormerSealKey]);
  });
});

describe('the key of the seals', () => {
  it('signs, can not be exported, and is kept when the stack is deleted', () => {
    const { properties, logicalId } = key();
    expect(properties).toMatchObject({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    expect(synthesis.templates.get('Posture')?.Resources[logicalId]?.DeletionPolicy).toBe('Retain');
  });

  it('is used by the sealing function alone, deleted by the break-glass role alone, and opened to others by administrators alone', () => {
    const statements = key().properties.KeyPolicy.Statement as readonly {
      readonly Effect: string;
      readonly Action: string | readonly string[];
      readonly Principal: unknown;
      readonly Condition?: { readonly ArnNotLike: { readonly 'aws:PrincipalArn': readonly string[] | string } };
    }[];
    const denied = statements.filter(({ Effect }) => Effect === 'Deny');
    const exempt = (action: string) =>
      denied
        .filter(({ Action }) => [Action].flat().includes(action))
        .map(({ Condition }) => [Condition?.ArnNotLike['aws:PrincipalArn']].flat());
    const role = (name: string) => `arn:{partition}:iam::{account}:role/${name}`;
    expect(denied.every(({ Principal }) => JSON.stringify(Principal) === '{"AWS":"*"}')).toBe(true);
    expect(exempt('kms:Sign')).toEqual([[role('posture-function-seal')]]);
    for (const action of ['kms:ScheduleKeyDeletion', 'kms:DisableKey']) expect(exempt(action)).toEqual([[role('posture-break-glass')]]);
    for (const action of ['kms:PutKeyPolicy', 'kms:CreateGrant'])
      expect(exempt(action)).toEqual([[role('posture-break-glass'), role('cdk-*-cfn-exec-role-*')]]);
  });
});
