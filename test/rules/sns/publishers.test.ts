import { isChanges } from '../../../functions/plan/change';
import type { JsonObject } from '../../../rules/json';
import type { Json } from '../../../rules/rule';
import { servicesIn } from '../../../rules/sns/topic/publishers';
import rule from '../../../rules/sns/topic-encrypted';
import * as fc from '../../fast-check';
import { matchesPattern } from '../pattern';

const account = '111122223333';
const topic = `arn:aws:sns:eu-west-1:${account}:orders`;
const resource = { partition: 'aws', account, region: 'eu-west-1', type: 'AWS::SNS::Topic', id: 'orders', arn: topic };

type Context = Readonly<Record<string, string>>;

/** What AWS services tell of a message that they publish for a resource. None has a principal of an account, or comes from a VPC. */
const services: readonly Context[] = [
  { 'aws:sourcearn': 'arn:aws:s3:::orders', 'aws:sourceaccount': account, 'aws:principalisawsservice': 'true' },
  { 'aws:sourcearn': `arn:aws:events:eu-west-1:${account}:rule/nightly`, 'aws:principalisawsservice': 'true' },
  { 'aws:referer': account, 'aws:sourceaccount': account, 'aws:principalisawsservice': 'true' },
  { 'aws:sourcearn': `arn:aws:cloudwatch:eu-west-1:${account}:alarm:cpu`, 'aws:sourceowner': account, 'aws:sourceorgid': 'o-a1b2c3d4e5' },
];
const values: Readonly<Record<string, readonly string[]>> = {
  'aws:SourceArn': [
    'arn:aws:s3:::orders',
    'arn:aws:s3:::*',
    `arn:aws:events:*:${account}:rule/*`,
    `arn:aws:cloudwatch:eu-west-1:${account}:alarm:*`,
  ],
  'AWS:SourceAccount': [account, '999988887777'],
  'aws:sourceowner': [account],
  'AWS:Referer': [account],
  'aws:SourceOrgID': ['o-a1b2c3d4e5'],
  'aws:PrincipalIsAWSService': ['true', 'false'],
};
/** Only callers with a principal of their own have these. */
const ofPrincipals: Readonly<Record<string, readonly string[]>> = {
  'aws:PrincipalOrgID': ['o-a1b2c3d4e5'],
  'aws:PrincipalAccount': [account],
  'AWS:PrincipalArn': [`arn:aws:iam::${account}:role/app`],
  'aws:SourceVpc': ['vpc-0123456789abcdef0'],
  'aws:SourceVpce': ['vpce-0123456789abcdef0'],
};
const operators = ['StringEquals', 'StringLike', 'ArnLike', 'ArnEquals', 'StringNotEquals', 'StringEqualsIfExists', 'StringLikeIfExists'];

interface Test {
  readonly operator: string;
  readonly key: string;
  readonly value: Json;
}
const testOf = (keys: typeof values, some: readonly string[]): fc.Arbitrary<Test> =>
  fc.constantFrom(...Object.keys(keys)).chain((key) =>
    fc.record({
      operator: fc.constantFrom(...some),
      key: fc.constant(key),
      value: fc.subarray([...(keys[key] ?? [])], { minLength: 1 }).map((all): Json => (all.length === 1 ? (all[0] as string) : all)),
    }),
  );
const conditionOf = (tests: readonly Test[]): JsonObject => {
  const condition: Record<string, Record<string, Json>> = {};
  for (const { operator, key, value } of tests) condition[operator] = { ...condition[operator], [key]: value };
  return condition;
};

/** Whether a condition holds in a context: another way than that of the rule. */
const holds = (condition: JsonObject, context: Context): boolean =>
  Object.entries(condition).every(([operator, tested]) =>
    Object.entries(tested as JsonObject).every(([key, value]) => {
      const actual = context[key.toLowerCase()];
      const wanted = [value].flat() as string[];
      if (actual === undefined) return operator.endsWith('IfExists') || operator.startsWith('StringNot');
      const isEqual = wanted.some((one) => (/Like|Arn/.test(operator) ? matchesPattern(one, actual) : one === actual));
      return operator.startsWith('StringNot') ? !isEqual : isEqual;
    }),
  );

function planFor(statement: JsonObject) {
  const state = { key: null, services: servicesIn([statement], account) };
  return rule.plan(resource, state, { parameters: { kmsKeyId: 'alias/aws/sns' }, detectedBy: 'SNS.1', now: new Date(0) });
}

const everybody = fc.constantFrom<Json>('*', { AWS: '*' }, { AWS: ['*'] }, { AWS: ['*', account] });
const publishing = fc.constantFrom<JsonObject>(
  { Action: 'sns:Publish' },
  { Action: 'SNS:Publish' },
  { Action: ['sns:Subscribe', 'sns:Pub*'] },
  { Action: '*' },
  { NotAction: 'sns:Subscribe' },
);
const statementOf = (Principal: Json, what: JsonObject, tests: readonly Test[]): JsonObject => ({
  Effect: 'Allow',
  Principal,
  ...what,
  Resource: topic,
  ...(tests.length > 0 && { Condition: conditionOf(tests) }),
});

/** The policy that SNS gives each new topic. */
const isDefault = (tests: readonly Test[]): boolean =>
  tests.length > 0 && tests.every(({ operator, key }) => operator === 'StringEquals' && key === 'aws:sourceowner');

it('does not encrypt a topic that a service can publish to, whatever the condition', () => {
  const tests = fc.array(testOf({ ...values, ...ofPrincipals }, operators), { maxLength: 3 });
  fc.assert(
    fc.property(everybody, publishing, tests, (principal, what, some) => {
      fc.pre(!isDefault(some));
      fc.pre(services.some((context) => holds(conditionOf(some), context)));
      expect(planFor(statementOf(principal, what, some))).toMatchObject({ code: 'key-unusable-by-services' });
    }),
    { numRuns: 500 },
  );
});

it('encrypts a topic that only principals of their own, or of a VPC, can publish to', () => {
  const equal = ['StringEquals', 'StringLike'];
  fc.assert(
    fc.property(
      everybody,
      publishing,
      testOf(ofPrincipals, equal),
      fc.array(testOf(values, equal), { maxLength: 2 }),
      (principal, what, one, more) => {
        const plan = planFor(statementOf(principal, what, [...more, one]));
        expect(isChanges(plan) && plan).toHaveLength(1);
      },
    ),
  );
});
