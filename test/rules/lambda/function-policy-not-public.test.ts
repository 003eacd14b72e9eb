import { IAMClient } from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  type AddPermissionCommandInput,
  CreateAliasCommand,
  GetPolicyCommand,
  PublishVersionCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { fixesCaller } from '../../../rules/caller';
import type { JsonObject } from '../../../rules/json';
import { isPublic, mayBeNarrow, namedBeside } from '../../../rules/lambda/function-policy/audience';
import { permissionFor } from '../../../rules/lambda/function-policy/permission';
import rule from '../../../rules/lambda/function-policy-not-public';
import type { Change, Json, Plan } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { Start, World } from '../../contract/scenario';
import { statementOf } from '../../emulator/gateway/function-policies';
import * as fc from '../../fast-check';
import { newFunction } from './new-function';

type Grant = Omit<AddPermissionCommandInput, 'FunctionName' | 'Action'> & { readonly Action?: string };

const anybody: Grant = { StatementId: 'anybody', Principal: '*' };
const topic = (account: string): Grant => ({
  StatementId: 'topic',
  Principal: 'sns.amazonaws.com',
  SourceArn: `arn:aws:sns:eu-west-1:${account}:uploads`,
});
const uploads: Grant = { StatementId: 'uploads', Principal: 's3.amazonaws.com', SourceArn: 'arn:aws:s3:::uploads' };
const url: readonly Grant[] = [
  { StatementId: 'url', Principal: '*', Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' },
  { StatementId: 'url-invoke', Principal: '*', InvokedViaFunctionUrl: true },
];
const organisation = 'o-a1b2c3d4e5';

describeRule(rule, {
  clients: [IAMClient, S3Client],
  violations: {
    'a function that everybody may invoke, beside a topic of the account': {
      seed: functionWith(anybody, topic('111122223333')),
      fixed: async (world, id) => expect(await idsOn(world, id)).toEqual(['topic']),
      rolledBack: async (world, id) =>
        expect((await statementsOn(world, id)).find(({ Sid }) => Sid === 'anybody')).toEqual({
          Sid: 'anybody',
          Effect: 'Allow',
          Principal: '*',
          Action: 'lambda:InvokeFunction',
          Resource: arnOf(world, id),
        }),
    },
    'a function with a public URL': {
      seed: functionWith(...url),
      fixed: async (world, id) => expect(await idsOn(world, id)).toEqual([]),
      rolledBack: async (world, id) =>
        expect((await statementsOn(world, id)).map(({ Condition }) => Condition)).toEqual(
          expect.arrayContaining([
            { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
            { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
          ]),
        ),
    },
    'a function that a bucket invokes, whoever owns it': {
      seed: functionWith(uploads),
      fixed: async (world, id) =>
        expect(await statementsOn(world, id)).toEqual([
          {
            Sid: 'uploads-own-account',
            Effect: 'Allow',
            Principal: { Service: 's3.amazonaws.com' },
            Action: 'lambda:InvokeFunction',
            Resource: arnOf(world, id),
            Condition: { StringEquals: { 'AWS:SourceAccount': world.account }, ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::uploads' } },
          },
        ]),
      rolledBack: async (world, id) => expect(await idsOn(world, id)).toEqual(['uploads']),
    },
    'a function that any bucket invokes, with the narrow statement there from before': {
      seed: async (world) =>
        functionWith(
          { StatementId: 'all', Principal: 's3.amazonaws.com' },
          { ...uploads, StatementId: 'other', SourceAccount: '444455556666' },
          {
            StatementId: 'ours',
            Principal: 's3.amazonaws.com',
            SourceAccount: world.account,
          },
        )(world),
      fixed: async (world, id) => expect(await idsOn(world, id)).toEqual(['other', 'ours']),
    },
    'a function of which an alias and a version are public': {
      seed: async (world) => {
        const id = await functionWith(topic('111122223333'))(world);
        await publish(world, id);
        await grant(world, `${id}:live`, anybody);
        await grant(world, `${id}:1`, uploads);
        return id;
      },
      fixed: async (world, id) => {
        expect(await idsOn(world, id)).toEqual(['topic']);
        expect(await idsOn(world, `${id}:live`)).toEqual([]);
        expect(await idsOn(world, `${id}:1`)).toEqual(['uploads-own-account']);
      },
      rolledBack: async (world, id) =>
        expect((await statementsOn(world, `${id}:live`)).map(({ Resource }) => Resource)).toEqual([`${arnOf(world, id)}:live`]),
    },
    'a function that everybody of any organisation may invoke': {
      seed: async (world) => {
        const id = await newFunction(world);
        await put(world, id, [{ ...everybody(arnOf(world, id)), Condition: { StringLike: { 'aws:PrincipalOrgID': 'o-*' } } }]);
        return id;
      },
      outcome: 'awaiting-approval',
    },
    'a function with a public statement that can be written again, and one that can not': {
      seed: async (world) => {
        const id = await newFunction(world);
        await put(world, id, [{ ...everybody(arnOf(world, id)), Sid: 'old', Principal: { AWS: '*' } }, everybody(arnOf(world, id))]);
        return id;
      },
      outcome: 'partly-fixed',
      fixed: async (world, id) => expect(await idsOn(world, id)).toEqual(['old']),
    },
    'a function that gets one more trigger after the fix': {
      seed: functionWith(anybody),
      meanwhile: (world, id) => grant(world, id, topic('111122223333')),
      rolledBack: async (world, id) => expect(await idsOn(world, id)).toEqual(['topic', 'anybody']),
    },
    'a function that somebody opens again after the fix': {
      seed: functionWith(anybody),
      meanwhile: (world, id) => grant(world, id, { ...anybody, StatementId: 'again' }),
      rollback: 'rollback-refused',
    },
  },
  compliant: {
    'a function without a policy': { seed: newFunction },
    'a function for everybody of one organisation': { seed: functionWith({ ...anybody, PrincipalOrgID: organisation }) },
    'a function for everybody, as long as it is for one account': { seed: functionWith({ ...anybody, SourceAccount: '444455556666' }) },
    'a function for another account, and for services': {
      seed: functionWith(
        topic('111122223333'),
        { StatementId: 'them', Principal: '444455556666' },
        {
          StatementId: 'api',
          Principal: 'apigateway.amazonaws.com',
        },
      ),
    },
    'a function that a bucket of a named account invokes': { seed: functionWith({ ...uploads, SourceAccount: '444455556666' }) },
    'a function that keeps an account of its organisation out': policyStart((arn) => [
      { ...everybody(arn), Condition: { StringEquals: { 'aws:PrincipalOrgID': organisation } } },
      { ...everybody(arn), Sid: 'out', Effect: 'Deny', Principal: { AWS: 'arn:aws:iam::999988887777:root' } },
    ]),
    'a function that keeps everybody out': policyStart((arn) => [{ ...everybody(arn), Effect: 'Deny' }]),
  },
  obstacles: {
    'a function that lets everybody in, and keeps all out but one organisation': {
      ...policyStart((arn) => [
        everybody(arn),
        { ...everybody(arn), Sid: 'others', Effect: 'Deny', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': organisation } } },
      ]),
      outcome: 'unfixable',
      reason: /The policy of resize-\w+ allows public access and restricts it with a Deny statement/,
    },
    'a function for everybody of a part of an organisation, whose path has a wildcard': {
      ...policyStart((arn) => [
        {
          ...everybody(arn),
          Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': [`${organisation}/r-ab12/ou-ab12-11111111/*`] } },
        },
      ]),
      outcome: 'unfixable',
      reason: /\("everybody"\) is public\. AWS ignores its condition/,
    },
    'a function for everybody from the rules of an account': {
      seed: functionWith({ ...anybody, SourceArn: 'arn:aws:events:eu-west-1:111122223333:rule/*' }),
      outcome: 'unfixable',
      reason: /not in full/,
    },
    'a function for everybody of some addresses': {
      ...policyStart((arn) => [{ ...everybody(arn), Condition: { IpAddress: { 'aws:SourceIp': ['192.0.2.0/24'] } } }]),
      outcome: 'unfixable',
      reason: /names no account or organization/,
    },
    'a public statement that names a partner too': {
      ...policyStart((arn) => [{ ...everybody(arn), Principal: { AWS: ['*', '444455556666'] } }]),
      outcome: 'unfixable',
      reason: /also allows 444455556666/,
    },
    'a public statement without an id': {
      ...policyStart((arn) => [{ ...everybody(arn), Sid: undefined }]),
      outcome: 'unfixable',
      reason: /has no statement ID/,
    },
    'a policy that has no statements': {
      seed: async (world) => {
        const id = await newFunction(world);
        await world.send(new PutResourcePolicyCommand({ ResourceArn: arnOf(world, id), Policy: '{"Statement":"Allow"}' }));
        return id;
      },
      outcome: 'unfixable',
      reason: /The policy of resize-\w+ cannot be parsed as JSON/,
    },
  },
  missing: 'no-such-function',
});

describe('who a statement lets in', () => {
  const statement = everybody(`arn:aws:lambda:eu-west-1:111122223333:function:f`);

  it.each<[string, JsonObject]>([
    ['everybody', {}],
    ['every AWS principal', { Principal: { AWS: '*' } }],
    ['everybody among others', { Principal: { AWS: ['444455556666', '*'] } }],
    ['an empty name', { Principal: { AWS: '' } }],
    ['every service', { Principal: { Service: '*' } }],
    ['everybody but one', { Principal: undefined, NotPrincipal: { AWS: '444455556666' } }],
    ['a principal that is no text', { Principal: { AWS: [1] } }],
    ['S3', { Principal: { Service: 's3.amazonaws.com' } }],
    ['S3 of a region', { Principal: { Service: ['s3.cn-north-1.amazonaws.com.cn'] } }],
    ['S3 for a bucket', { Principal: { Service: 's3.amazonaws.com' }, Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::b' } } }],
    ['users of a function URL', { Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } } }],
    ['a condition that is none', { Condition: 'everybody' }],
    [
      'the buckets of a name',
      { Principal: { Service: 's3.amazonaws.com' }, Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::b*' } } },
    ],
    ['signed users of a function URL', { Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } } }],
  ])('is the public: %s', (_, over) => expect(isPublic({ ...statement, ...over })).toBe(true));

  it.each<[string, JsonObject]>([
    ['an account', { Principal: { AWS: '444455556666' } }],
    ['a service', { Principal: { Service: 'events.amazonaws.com' } }],
    ['a service named like S3', { Principal: { Service: 's3-like.amazonaws.com' } }],
    ['nobody', { Effect: 'Deny' }],
    ['everybody of an account', { Condition: { StringEquals: { 'aws:PrincipalAccount': '444455556666' } } }],
  ])('is not the public: %s', (_, over) => expect(isPublic({ ...statement, ...over })).toBe(false));
});

describe('a public statement', () => {
  it.each<[string, Json, readonly string[]]>([
    ['nobody beside everybody', '*', []],
    ['nobody beside all of AWS', { AWS: ['*', ''] }, []],
    ['nobody beside S3', { Service: ['s3.amazonaws.com', 's3.eu-west-1.amazonaws.com'] }, []],
    ['a topic beside S3', { Service: ['s3.amazonaws.com', 'sns.amazonaws.com'] }, ['sns.amazonaws.com']],
    ['S3 beside everybody', { AWS: '*', Service: 's3.amazonaws.com' }, ['s3.amazonaws.com']],
    ['partners beside S3', { AWS: ['444455556666'], Service: 's3.amazonaws.com' }, ['444455556666']],
  ])('names %s', (_, Principal, names) => expect(namedBeside({ ...everybody(functionArn), Principal })).toEqual(names));

  const s3 = { Principal: { Service: 's3.amazonaws.com' } };

  it.each<[string, JsonObject]>([
    ['everybody', {}],
    ['a function URL', { Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } } }],
    [
      'what comes by a function URL, over TLS',
      { Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true', 'aws:SecureTransport': 'true' } } },
    ],
    ['all addresses', { Condition: { IpAddress: { 'aws:SourceIp': ['::/0', '0.0.0.0/0'] } } }],
    ['accounts of a kind', { Condition: { StringLike: { 'aws:SourceAccount': '1111*' } } }],
    ['a value of the request itself', { Condition: { StringEquals: { 'aws:PrincipalOrgID': `\${aws:ResourceOrgID}` } } }],
    ['a bucket', { ...s3, Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::b' } } }],
  ])('can be taken out that is for %s', (_, over) => expect(mayBeNarrow({ ...everybody(functionArn), ...over })).toBe(false));

  it.each<[string, JsonObject]>([
    ['addresses', { Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } }],
    [
      'addresses, by a function URL',
      { Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' }, StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } } },
    ],
    ['a skill of Alexa', { Condition: { StringEquals: { 'lambda:EventSourceToken': 'token' } } }],
    ['all but an organisation', { Condition: { StringNotEquals: { 'aws:PrincipalOrgID': organisation } } }],
    ['a bucket, not called by S3', { Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::b' } } }],
    ['what an account owns', { Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:sns:*:444455556666:*' } } }],
    [
      'access points of an account',
      { ...s3, Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:eu-west-1:444455556666:accesspoint/*' } } },
    ],
    ['whom its condition does not tell', { Condition: { StringEquals: organisation } }],
  ])('may be meant for some that is for %s', (_, over) => expect(mayBeNarrow({ ...everybody(functionArn), ...over })).toBe(true));
});

describe('a condition', () => {
  it.each<[string, string, Json]>([
    ['StringEquals', 'aws:PrincipalOrgID', organisation],
    ['StringLike', 'AWS:principalorgid', [organisation, 'o-f6g7h8i9j0']],
    ['StringEqualsIgnoreCase', 'aws:SourceOrgID', organisation],
    ['ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', `${organisation}/*`],
    ['StringEquals', 'AWS:SourceAccount', '111122223333'],
    ['StringEquals', 'aws:PrincipalAccount', ['111122223333', '444455556666']],
    ['ArnLike', 'AWS:SourceArn', 'arn:aws:execute-api:*:111122223333:a1b2c3/*/GET/*'],
    ['ArnEquals', 'aws:PrincipalArn', 'arn:aws:iam::111122223333:role/*'],
    ['StringLike', 'aws:SourceArn', 'arn:aws:sns:eu-west-1:111122223333:*'],
    ['StringEquals', 'aws:SourceVpce', 'vpce-0a1b2c3d'],
    ['StringEquals', 'aws:SourceVpc', 'vpc-0a1b2c3d'],
  ])('fixes the caller: %s %s %j', (operator, key, value) => {
    expect(fixesCaller({ [operator]: { [key]: value } })).toBe(true);
    expect(fixesCaller({ Bool: { 'aws:SecureTransport': 'true' }, [operator]: { 'aws:userid': '*', [key]: value } })).toBe(true);
  });

  it.each<[string, string, Json]>([
    ['StringLike', 'aws:PrincipalOrgID', '*'],
    ['StringLike', 'aws:PrincipalOrgID', 'o-a1*'],
    ['StringLike', 'aws:PrincipalOrgID', [organisation, '*']],
    ['StringEquals', 'aws:PrincipalOrgID', []],
    ['StringEquals', 'aws:PrincipalOrgID', [organisation, 5]],
    ['StringEquals', 'aws:PrincipalOrgID', `\${aws:PrincipalOrgID}`],
    ['StringEqualsIfExists', 'aws:PrincipalOrgID', organisation],
    ['ForAllValues:StringEquals', 'aws:PrincipalOrgID', organisation],
    ['ForAnyValue:StringEqualsIfExists', 'aws:PrincipalOrgID', organisation],
    ['StringNotEquals', 'aws:PrincipalOrgID', organisation],
    ['StringNotLike', 'aws:PrincipalOrgID', organisation],
    ['Null', 'aws:PrincipalOrgID', 'false'],
    ['StringEquals', 'aws:ResourceOrgID', organisation],
    ['StringEquals', 'aws:PrincipalType', 'User'],
    ['StringEquals', 'constructor', '111122223333'],
    ['ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', '*/r-ab12/*'],
    ['ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', 'o-*/r-ab12/*'],
    ['StringLike', 'AWS:SourceAccount', '1111*'],
    ['StringLike', 'AWS:SourceAccount', '????????????'],
    ['ArnLike', 'AWS:SourceArn', 'arn:aws:s3:::bucket'],
    ['ArnLike', 'AWS:SourceArn', '*'],
    ['ArnLike', 'AWS:SourceArn', 'arn:aws:sns:eu-west-1:*:uploads'],
    ['ArnLike', 'AWS:SourceArn', 'arn:aws:sns:eu-west-1:11112222333?:uploads'],
    ['StringLike', 'AWS:SourceArn', 'arn:aws:sns:*:111122223333:uploads'],
    ['StringLike', 'AWS:SourceArn', 'arn:aws:s?s:eu-west-1:111122223333:uploads'],
    ['ArnLike', 'AWS:SourceArn', `arn:aws:sns:eu-west-1:\${aws:PrincipalAccount}:uploads`],
    ['ArnNotLike', 'AWS:SourceArn', 'arn:aws:sns:eu-west-1:111122223333:uploads'],
    ['StringEquals', 'aws:SourceVpc', 'vpc-*'],
    ['IpAddress', 'aws:SourceIp', '192.0.2.0/24'],
    ['StringEquals', 'lambda:EventSourceToken', 'token'],
    ['StringEquals', 'aws:PrincipalTag/team', 'red'],
  ])('leaves the caller open: %s %s %j', (operator, key, value) => expect(fixesCaller({ [operator]: { [key]: value } })).toBe(false));

  it('leaves the caller open where it is none', () => {
    for (const condition of [undefined, null, {}, [], 'aws:PrincipalOrgID', { StringEquals: organisation }])
      expect(fixesCaller(condition as Json)).toBe(false);
  });
});

describe('writing a statement again', () => {
  const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:f:live';

  it('tells AddPermission all that it can write', () => {
    const Condition = {
      ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::b' },
      StringEquals: {
        'lambda:EventSourceToken': 'token',
        'aws:PrincipalOrgID': organisation,
        'lambda:FunctionUrlAuthType': 'AWS_IAM',
        'AWS:SourceAccount': '111122223333',
      },
      Bool: { 'lambda:InvokedViaFunctionUrl': 'false' },
    };
    expect(permissionFor('f:live', arn, { ...everybody(arn), Principal: { Service: 's3.amazonaws.com' }, Condition })).toEqual({
      FunctionName: 'f:live',
      StatementId: 'everybody',
      Action: 'lambda:InvokeFunction',
      Principal: 's3.amazonaws.com',
      SourceArn: 'arn:aws:s3:::b',
      SourceAccount: '111122223333',
      PrincipalOrgID: organisation,
      FunctionUrlAuthType: 'AWS_IAM',
      EventSourceToken: 'token',
      InvokedViaFunctionUrl: false,
    });
  });

  it.each<[string, JsonObject]>([
    ['a principal in other words', { Principal: { AWS: '*' } }],
    ['several services', { Principal: { Service: ['s3.amazonaws.com', 'sns.amazonaws.com'] } }],
    ['two sorts of principals', { Principal: { Service: 's3.amazonaws.com', AWS: '*' } }],
    ['all but one', { Principal: undefined, NotPrincipal: '*' }],
    ['several actions', { Action: ['lambda:InvokeFunction'] }],
    ['another resource', { Resource: 'arn:aws:lambda:eu-west-1:111122223333:function:f' }],
    ['several resources', { Resource: [arn] }],
    ['a denial', { Effect: 'Deny' }],
    ['an id that only a whole policy can have', { Sid: 'a.b' }],
    ['an element more', { Comment: 'x' }],
    ['no condition, but the element', { Condition: {} }],
    ['a key in other letters', { Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } }],
    ['another operator', { Condition: { StringLike: { 'AWS:SourceAccount': '111122223333' } } }],
    ['another key', { Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } }],
    ['several values', { Condition: { StringEquals: { 'AWS:SourceAccount': ['111122223333'] } } }],
    ['an organisation, if there is one', { Condition: { StringEqualsIfExists: { 'aws:PrincipalOrgID': organisation } } }],
    ['a truth in other letters', { Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'True' } } }],
  ])('is not tried for %s', (_, over) => expect(permissionFor('f:live', arn, { ...everybody(arn), ...over })).toBeUndefined());

  it('writes the very statement, whatever the statement', () => {
    const value = fc.oneof(fc.constantFrom('true', 'false', '111122223333', 'NONE'), fc.array(fc.constant('x'), { maxLength: 1 }));
    const keys = ['AWS:SourceAccount', 'aws:PrincipalOrgID', 'AWS:SourceArn', 'lambda:InvokedViaFunctionUrl', 'lambda:FunctionUrlAuthType'];
    const operators = ['StringEquals', 'ArnLike', 'Bool', 'StringLike'];
    const tested = fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 2 });
    const principal = fc.constantFrom('*', { Service: 's3.amazonaws.com' }, { Service: '*' }, { Service: 's3.amazonaws.com', AWS: '*' });
    let written = 0;
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...operators), tested, { maxKeys: 2 }), principal, (Condition, Principal) => {
        const statement = { ...everybody(arn), Principal, ...(Object.keys(Condition).length > 0 && { Condition }) };
        const input = permissionFor('f:live', arn, statement);
        if (!input) return;
        written += 1;
        expect(statementOf({ ...input }, arn)).toEqual(statement);
      }),
      { numRuns: 2000 },
    );
    expect(written).toBeGreaterThan(100);
  });
});

describe('the plan', () => {
  it('adds the narrow statement before it takes out the wide one', () => {
    const state = stateOf({ on: 'f', statement: { ...everybody(functionArn), Principal: { Service: 's3.amazonaws.com' } } });
    expect(namesIn(rule.plan(resource, state, context))).toEqual(['AddPermissionCommand', 'RemovePermissionCommand']);
  });

  it('puts what can not be undone last', () => {
    const statements = ['a', 'b', 'c'].map((Sid) => ({
      on: 'f',
      statement: { ...everybody(functionArn), Sid, ...(Sid !== 'b' && { Principal: { AWS: '*' } }) },
    }));
    const plan = rule.plan(resource, stateOf(...statements), context) as readonly Change[];
    expect(plan.map((change) => [(change.do.input as { StatementId: string }).StatementId, 'undo' in change])).toEqual([
      ['b', true],
      ['a', false],
      ['c', false],
    ]);
  });

  it('closes what is clear first, and then says what is not', () => {
    const unclear = [
      { on: 'f:live', statement: everybody(`${functionArn}:live`) },
      { on: 'f:live', statement: { ...everybody(`${functionArn}:live`), Sid: 'denial', Effect: 'Deny' } },
    ];
    const both = rule.plan(resource, stateOf(...unclear, { on: 'f', statement: everybody(functionArn) }), context);
    expect((both as readonly Change[]).map((change) => change.do.input)).toEqual([{ FunctionName: 'f', StatementId: 'everybody' }]);
    expect(rule.plan(resource, stateOf(...unclear), context)).toEqual({
      unfixable: expect.stringContaining('f:live'),
      code: 'deny-with-exceptions',
    });
  });

  it('is not hindered by the denial of a single account', () => {
    const denial = {
      ...everybody(functionArn),
      Sid: 'denial',
      Effect: 'Deny',
      Condition: { StringEquals: { 'aws:PrincipalAccount': '444455556666' } },
    };
    expect(
      rule.plan(resource, stateOf({ on: 'f', statement: everybody(functionArn) }, { on: 'f', statement: denial }), context),
    ).toHaveLength(1);
  });

  it('does not call a function closed of which policies were not read', () => {
    expect(rule.plan(resource, { ...stateOf(), unread: 12 }, context)).toEqual({
      unfixable: expect.stringContaining('the policies of 12'),
      code: 'too-many-versions',
    });
  });

  it('cuts a long statement id to what AddPermission takes', () => {
    const Sid = 's'.repeat(100);
    const state = stateOf({ on: 'f', statement: { ...everybody(functionArn), Sid, Principal: { Service: 's3.amazonaws.com' } } });
    const [first] = rule.plan(resource, state, context) as readonly Change[];
    expect(first?.do.input).toMatchObject({ StatementId: `${'s'.repeat(80)}-own-account` });
  });
});

it('reads at most 300 policies, the newest versions first, and tells how many are left', async () => {
  const read: string[] = [];
  let together = 0;
  let most = 0;
  const aws = {
    async send(command: { readonly input: object }): Promise<never> {
      const { name } = command.constructor;
      const input = command.input as { readonly FunctionName: string; readonly Marker?: string };
      if (name === 'ListAliasesCommand') return { Aliases: [{ Name: 'live' }] } as never;
      if (name === 'ListVersionsByFunctionCommand') {
        const start = Number(input.Marker ?? 0);
        const Versions = Array.from({ length: 50 }, (_, index) => ({ Version: start + index === 0 ? '$LATEST' : String(start + index) }));
        return { Versions, ...(start < 400 && { NextMarker: String(start + 50) }) } as never;
      }
      read.push(input.FunctionName);
      together += 1;
      most = Math.max(most, together);
      await Promise.resolve();
      together -= 1;
      throw Object.assign(new Error('none'), { name: 'ResourceNotFoundException' });
    },
  };
  expect(await rule.inspect(resource, aws)).toEqual({ statements: [], unreadable: [], unread: 151 });
  expect(read).toHaveLength(300);
  expect(read.slice(0, 4)).toEqual(['f', 'f:live', 'f:449', 'f:448']);
  expect(most).toBeLessThanOrEqual(8);
});

const functionArn = 'arn:aws:lambda:eu-west-1:111122223333:function:f';
const resource = {
  type: 'AWS::Lambda::Function',
  id: 'f',
  arn: functionArn,
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
};
const context = { parameters: {}, detectedBy: 'Lambda.1', now: new Date(0) };
const stateOf = (...statements: { readonly on: string; readonly statement: JsonObject }[]) => ({ statements, unreadable: [], unread: 0 });
const namesIn = (plan: Plan): readonly string[] => (plan as readonly Change[]).map((change) => change.do.constructor.name);

function everybody(Resource: string): JsonObject {
  return { Sid: 'everybody', Effect: 'Allow', Principal: '*', Action: 'lambda:InvokeFunction', Resource };
}

const arnOf = ({ region, account }: World, id: string): string => `arn:aws:lambda:${region}:${account}:function:${id}`;

const grant = async (world: World, FunctionName: string, permission: Grant): Promise<void> =>
  void (await world.send(new AddPermissionCommand({ FunctionName, Action: 'lambda:InvokeFunction', ...permission })));

const put = async (world: World, id: string, Statement: readonly JsonObject[]): Promise<void> =>
  void (await world.send(
    new PutResourcePolicyCommand({ ResourceArn: arnOf(world, id), Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }),
  ));

async function publish(world: World, FunctionName: string): Promise<void> {
  const { Version } = await world.send(new PublishVersionCommand({ FunctionName }));
  await world.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: Version }));
}

async function statementsOn(world: World, FunctionName: string): Promise<readonly JsonObject[]> {
  try {
    const { Policy = '' } = await world.send(new GetPolicyCommand({ FunctionName }));
    return (JSON.parse(Policy) as { Statement: JsonObject[] }).Statement;
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return [];
    throw error;
  }
}

const idsOn = async (world: World, FunctionName: string) => (await statementsOn(world, FunctionName)).map(({ Sid }) => Sid);

function functionWith(...grants: readonly Grant[]) {
  return async (world: World): Promise<string> => {
    const id = await newFunction(world);
    for (const one of grants) await grant(world, id, one);
    return id;
  };
}

function policyStart(statements: (arn: string) => readonly JsonObject[]): Start {
  return {
    async seed(world) {
      const id = await newFunction(world);
      await put(world, id, statements(arnOf(world, id)));
      return id;
    },
  };
}
