import { isChanges } from '../../../functions/plan/change';
import type { JsonObject } from '../../../rules/json';
import type { AwsCommand, Json } from '../../../rules/rule';
import rule from '../../../rules/s3/bucket-settings-own-account-only';
import { foreigners } from '../../../rules/s3/foreign-access/grantees';
import { takeOut } from '../../../rules/s3/foreign-access/take-out';
import * as fc from '../../fast-check';
import { matchesPattern } from '../pattern';

const [own, partner, stranger] = ['111122223333', '444455556666', '777788889999'];
const [ownCanonical, partnerCanonical] = ['0'.repeat(64), 'a'.repeat(64)];
const arn = 'arn:aws:s3:::orders';
const place = { partition: 'aws', account: own, region: 'eu-west-1' };
const resource = { ...place, type: 'AWS::S3::Bucket', id: 'orders', arn };
const owner = { account: own, canonical: ownCanonical };
const taken = ['s3:DeleteBucketPolicy', 's3:PutBucketAcl', 's3:PutBucketPolicy', 's3:PutEncryptionConfiguration', 's3:PutObjectAcl'];
const others = ['s3:GetObject', 's3:PutObject', 's3:ListBucket', 's3:DeleteObject', 's3:GetBucketAcl', 's3:PutBucketTagging'];

/** Who calls. A service and an identity provider have no account. */
interface Caller {
  readonly names: readonly string[];
  readonly account?: string;
}
const member = (account: string, role: string, canonical?: string): Caller => ({
  names: [account, `arn:aws:iam::${account}:root`, `arn:aws:iam::${account}:role/${role}`, ...(canonical ? [canonical] : [])],
  account,
});
const kept: readonly Caller[] = [
  member(own, 'admin', ownCanonical),
  member(own, 'app', ownCanonical),
  { names: ['logging.s3.amazonaws.com'] },
  { names: ['accounts.google.com'] },
];
const foreign: readonly Caller[] = [
  member(partner, 'uploads', partnerCanonical),
  member(partner, 'other', partnerCanonical),
  member(stranger, 'uploads'),
  { names: [], account: 'anonymous' },
];

const listOf = (value: Json | undefined): readonly string[] => (value === undefined ? [] : ([value].flat() as string[]));
const matches = (pattern: string, text: string): boolean => matchesPattern(pattern, text, 'i');

/** Whether a statement is about a call over TLS: another way than that of the rule. */
function isAbout({ Principal, NotPrincipal, Action, NotAction, Condition }: JsonObject, caller: Caller, action: string): boolean {
  const holds = (principal: Json | undefined): boolean => {
    if (principal === '*') return true;
    const { AWS, ...rest } = principal as JsonObject;
    const accounts = listOf(AWS);
    return accounts.includes('*') || [...accounts, ...Object.values(rest).flatMap(listOf)].some((name) => caller.names.includes(name));
  };
  const isWho = NotPrincipal === undefined ? holds(Principal) : !holds(NotPrincipal);
  const covers = (patterns: Json) => listOf(patterns).some((pattern) => matches(pattern, action));
  const isWhat = NotAction === undefined ? covers(Action ?? []) : !covers(NotAction);
  // The one condition that the rule writes.
  const isOutside = caller.account !== undefined && caller.account !== own;
  return isWho && isWhat && (!JSON.stringify(Condition ?? {}).includes('aws:PrincipalAccount') || isOutside);
}

const allows = (statements: readonly JsonObject[], caller: Caller, action: string): boolean => {
  const about = (effect: string) => statements.some((one) => one.Effect === effect && isAbout(one, caller, action));
  return about('Allow') && !about('Deny');
};

const names = fc.subarray([own, `arn:aws:iam::${own}:role/admin`, partner, `arn:aws:iam::${partner}:role/uploads`, stranger], {
  minLength: 1,
});
const oneOrMore = (some: readonly string[]): Json => (some.length === 1 ? (some[0] as string) : some);
const principals: fc.Arbitrary<Json> = fc.oneof(
  { weight: 8, arbitrary: names.map((some) => ({ AWS: oneOrMore(some) })) },
  { weight: 2, arbitrary: names.map((some) => ({ AWS: some, Service: 'logging.s3.amazonaws.com', Federated: 'accounts.google.com' })) },
  {
    weight: 2,
    arbitrary: fc.subarray([ownCanonical, partnerCanonical], { minLength: 1 }).map((some) => ({ CanonicalUser: oneOrMore(some) })),
  },
  { weight: 1, arbitrary: fc.constantFrom<Json>('*', { AWS: '*' }) },
);
const patterns = [
  '*',
  's3:*',
  's3:Put*',
  's3:put*acl',
  's3:Get*',
  's3:PutBucketPolicy',
  's3:putbucketacl',
  's3:DeleteBucketPolicy',
  ...others,
];
const whats: fc.Arbitrary<JsonObject> = fc.oneof(
  { weight: 4, arbitrary: fc.subarray(patterns, { minLength: 1, maxLength: 4 }).map((some) => ({ Action: oneOrMore(some) })) },
  { weight: 1, arbitrary: fc.subarray(patterns.slice(2), { minLength: 1, maxLength: 4 }).map((some) => ({ NotAction: oneOrMore(some) })) },
);
const Resource = [arn, `${arn}/*`];
const statementOf = (Effect: 'Allow' | 'Deny') =>
  fc.tuple(principals, whats, fc.boolean()).map(
    ([Principal, what, secure]): JsonObject => ({
      Effect,
      Principal,
      ...what,
      Resource,
      ...(secure && { Condition: { Bool: { 'aws:SecureTransport': 'true' } } }),
    }),
  );
const policies = fc
  .array(fc.oneof({ weight: 4, arbitrary: statementOf('Allow') }, { weight: 1, arbitrary: statementOf('Deny') }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((some) => some.map((one, index): JsonObject => (index === 1 ? one : { Sid: `own${index}`, ...one })));

const textOf = (Statement: readonly JsonObject[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
const policyIn = ({ input }: AwsCommand): string | null => (input as { Policy?: string }).Policy ?? null;
const statementsIn = (text: string | null): readonly JsonObject[] =>
  text === null ? [] : (JSON.parse(text) as { Statement: JsonObject[] }).Statement;
const parameters = { actions: taken };
const planFor = (policy: string | null) =>
  rule.plan(resource, { policy, canonical: ownCanonical }, { parameters, detectedBy: 'S3.6', now: new Date(0) });

/** The policy after the fix, and what reverts it; undefined if there is nothing to do. */
function fixed(text: string): { readonly after: string | null; readonly undo: string | null } | undefined {
  const plan = planFor(text);
  if (!isChanges(plan)) throw new Error(`An obstacle: ${JSON.stringify(plan)}`);
  const [change, ...more] = plan;
  expect(more).toEqual([]);
  if (!change || !('undo' in change) || change.undo === 'revert-own-part') return undefined;
  return { after: policyIn(change.do), undo: policyIn(change.undo) };
}

describe('an Allow statement without what it grants other accounts', () => {
  it('allows its own principals the same, and others the same but for the actions', () => {
    fc.assert(
      fc.property(statementOf('Allow'), (statement) => {
        const rest = takeOut(statement, foreigners(statement, owner), taken);
        fc.pre(rest !== undefined);
        for (const action of [...taken, ...others]) {
          const pairs = [...kept, ...foreign].map((caller) => [
            allows(rest, caller, action),
            allows([statement], caller, action) && !(foreign.includes(caller) && taken.includes(action)),
          ]);
          expect(pairs.map(([now]) => now)).toEqual(pairs.map(([, expected]) => expected));
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('any bucket policy, once it is fixed', () => {
  it('allows own principals and services the same, and other accounts the same but for the actions', () => {
    fc.assert(
      fc.property(policies, (statements) => {
        const found = fixed(textOf(statements));
        const now = found ? statementsIn(found.after) : statements;
        for (const action of [...taken, ...others]) {
          for (const caller of kept) expect([caller, allows(now, caller, action)]).toEqual([caller, allows(statements, caller, action)]);
          for (const caller of foreign)
            expect([caller, allows(now, caller, action)]).toEqual([caller, !taken.includes(action) && allows(statements, caller, action)]);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('needs no other fix, and is as before after a rollback, also of the own part alone', () => {
    fc.assert(
      fc.property(policies, (statements) => {
        const text = textOf(statements);
        const found = fixed(text);
        fc.pre(found !== undefined);
        if (found.after !== null) expect(planFor(found.after)).toEqual([]);
        expect(found.undo).toBe(text);
        const [before, after] = [text, found.after].map((policy) => ({ policy, canonical: ownCanonical })) as [never, never];
        const commands = rule.revertOwnPart?.(resource, after, { before, after, parameters }) ?? [];
        expect(commands.map((command) => statementsIn(policyIn(command)))).toEqual([statements]);
      }),
      { numRuns: 500 },
    );
  });
});
