import { readFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { loadRules } from '../../functions/catalogue/catalogue';
import { freshPolicy } from '../../functions/policy/policy';
import { PolicyError } from '../../functions/policy/problem';
import { readPolicy } from '../../functions/policy/read';
import { knownRules } from './known-rules';

const now = new Date('2026-11-24T12:00:00Z');
const read = (text: string) => readPolicy(text, knownRules, now);
const errorOf = (text: string): PolicyError => {
  try {
    read(text);
  } catch (error) {
    if (error instanceof PolicyError) return error;
    throw error;
  }
  throw new Error('The policy was taken.');
};
const faultsOf = (text: string) => errorOf(text).problems.map(({ path: at, line, message }) => [line, at, message]);

describe('a policy', () => {
  it.each([
    ['no text', ''],
    ['comments alone', '# nothing yet\n'],
    ['the JSON of nothing', '{}'],
  ])('of %s observes', (_, text) => {
    expect(read(text)).toEqual({ policy: freshPolicy, warnings: [] });
  });

  it('holds what is said, in YAML and in JSON', () => {
    const given = { modes: { default: 'off', clauses: [{ mode: 'fix', rules: ['s3-*'], accounts: ['012345678901'] }] } };
    const { policy } = read(stringify(given));
    expect(policy.modes).toEqual(given.modes);
    expect(read(JSON.stringify(given)).policy).toEqual(policy);
    // What is deployed is the policy with its defaults.
    expect(read(JSON.stringify(policy)).policy).toEqual(policy);
  });

  it('may give the same list twice by an alias', () => {
    const { policy } = read('modes:\n  clauses:\n    - { mode: ask, rules: &s3 ["s3-*"] }\n    - { mode: observe, rules: *s3 }\n');
    expect(policy.modes.clauses.map(({ rules }) => rules)).toEqual([['s3-*'], ['s3-*']]);
  });
});

describe('the file of the repository', () => {
  const text = readFileSync(path.resolve(__dirname, '../../posture.yaml'), 'utf8');
  const rules = loadRules().map(({ rule }) => rule);

  it('is that of a fresh deployment: it changes nothing', () => {
    expect(readPolicy(text, rules, now)).toEqual({ policy: freshPolicy, warnings: [] });
  });

  it('shows by its comments what else fits, and every section', () => {
    // Takes the `#` off keys and items, not off sentences.
    const { policy } = readPolicy(text.replace(/^( *)# (?= *(- |[a-zA-Z]+:( |$)))/gm, '$1'), rules, now);
    for (const [section, value] of Object.entries(policy)) expect([section, JSON.stringify(value)]).not.toEqual([section, '[]']);
    expect(policy.modes.clauses.length).toBeGreaterThan(1);
    expect(Object.keys(policy).filter((section) => !new RegExp(`^(# )?${section}:`, 'm').test(text))).toEqual([]);
  });
});

describe('a policy is refused', () => {
  it.each<[string, string, readonly (readonly [number | undefined, string, string])[]]>([
    ['for a section that is mistyped', 'mdoes: {}', [[1, 'mdoes', '"mdoes" is not a valid key. Did you mean modes?']]],
    [
      'for a key that is mistyped, by the keys of that very object',
      'windows:\n  - { name: night, opens: "0 22 * * *", hours: 2, timezone: UTC }',
      [[2, 'windows[0].timezone', '"timezone" is not a valid key. Did you mean timeZone?']],
    ],
    [
      'for a key that is like none',
      'breaker: { zebra: 1 }',
      [[1, 'breaker.zebra', '"zebra" is not a valid key. Valid keys: failures, rollbacks, accounts.']],
    ],
    [
      'for a mode that is none',
      'modes:\n  default: fx',
      [[2, 'modes.default', '"fx" is not a valid value. Did you mean fix? Valid values: off, observe, ask, fix.']],
    ],
    [
      'for a rule that is mistyped',
      'modes:\n  clauses:\n    - mode: fix\n      rules: [s3-bucket-tls-required, s3-bucket-versionning-enabled]',
      [
        [
          4,
          'modes.clauses[0].rules[1]',
          'the rule "s3-bucket-versionning-enabled" does not exist. Did you mean s3-bucket-versioning-enabled?',
        ],
      ],
    ],
    [
      'for a control that is not there',
      'grace:\n  - { hours: 2, controls: [S3.41] }',
      [[2, 'grace[0].controls[0]', 'the control "S3.41" does not exist. Did you mean S3.14?']],
    ],
    [
      'for the name of a Config rule in the place of a control',
      'grace:\n  - { hours: 2, controls: [vpc-flow-logs-enabled] }',
      [[2, 'grace[0].controls[0]', '"vpc-flow-logs-enabled" is an AWS Config rule, and a control is required. Specify EC2.6.']],
    ],
    [
      'for patterns that fit nothing',
      'freezes:\n  - { reason: x, from: 2026-12-20T00:00, to: 2027-01-03T00:00, rules: [rds-*], controls: [RDS.*] }',
      [
        [2, 'freezes[0].rules[0]', 'the pattern "rds-*" matches no rule. List the rules with `posture rules`.'],
        [2, 'freezes[0].controls[0]', 'the pattern "RDS.*" matches no control. List the controls with `posture rules`.'],
      ],
    ],
    [
      'for resources that are no ARNs, as it would hold for none',
      'exemptions:\n  - { reason: x, owner: y, expires: 2027-01-31, resources: [public-website, "*-website", "arn:aws:s3:::public-*", "AWS::::Account:*", "sg-*"] }',
      [
        [2, 'exemptions[0].resources[0]', '"public-website" matches no ARN. Specify an ARN such as arn:aws:s3:::public-website.'],
        [2, 'exemptions[0].resources[4]', '"sg-*" matches no ARN. Specify an ARN such as arn:aws:s3:::public-website.'],
      ],
    ],
    [
      'for regions that there can not be',
      'freezes:\n  - { reason: x, from: 2026-12-20T00:00, to: 2027-01-03T00:00, regions: [Frankfurt, eu-*, us-gov-west-1] }',
      [[2, 'freezes[0].regions[0]', '"Frankfurt" is not an AWS Region. Specify a Region such as eu-west-1.']],
    ],
    [
      'for outcomes of which nobody is ever told',
      'notifications:\n  topics:\n    - { topic: "arn:aws:sns:eu-west-1:111122223333:posture-x", outcomes: [fixed, faild] }',
      [[3, 'notifications.topics[0].outcomes[1]', '"faild" is not an outcome with notifications. Did you mean failed?']],
    ],
    [
      'for an account id that YAML takes for a number',
      'modes:\n  clauses:\n    - mode: fix\n      accounts:\n        - 012345678901',
      [
        [
          5,
          'modes.clauses[0].accounts[0]',
          'YAML reads 012345678901 as a number, and a string is required. Put it in quotes: "012345678901".',
        ],
      ],
    ],
    [
      'for the value of a tag that YAML takes for a boolean',
      'modes:\n  clauses:\n    - { mode: fix, tags: { auto: true } }',
      [[3, 'modes.clauses[0].tags.auto', 'YAML reads true as a boolean, and a string is required. Put it in quotes: "true".']],
    ],
    [
      'for tags that name none',
      'grace: [{ hours: 1, tags: {} }]',
      [[1, 'grace[0].tags', 'an object is empty: add a tag, or remove the key.']],
    ],
    [
      'for a list that is empty, as it would hold for nothing',
      'grace: [{ hours: 1, rules: [] }]',
      [[1, 'grace[0].rules', 'the value is empty. Set at least one, or remove the key.']],
    ],
    [
      'for what is never contained',
      'responses:\n  never:\n    - { reason: x }\n    - { reason: x, resources: [bastion], accounts: ["1"] }\n    - { names: [bastion] }',
      [
        [3, 'responses.never[0]', expect.stringContaining('without resources, accounts or names, no threat could be responded to')],
        [4, 'responses.never[1].accounts[0]', '"1" is not a valid account id: twelve digits, in quotes.'],
        [5, 'responses.never[2].reason', 'this key is required. Add it, or remove the entry that it belongs to.'],
      ],
    ],
    [
      'for what is never contained and is no ARN',
      'responses:\n  never:\n    - { reason: x, resources: [bastion] }',
      [[3, 'responses.never[0].resources[0]', '"bastion" matches no ARN. Specify an ARN such as arn:aws:s3:::public-website.']],
    ],
    ['for a key with nothing', 'exemptions:\n', [[1, 'exemptions', 'the value is empty. Set a value, or remove the key.']]],
    [
      'for an exemption without reason and owner',
      'exemptions:\n  - expires: 2027-01-31',
      [
        [2, 'exemptions[0].reason', 'this key is required. Add it, or remove the entry that it belongs to.'],
        [2, 'exemptions[0].owner', 'this key is required. Add it, or remove the entry that it belongs to.'],
      ],
    ],
    [
      'for a day that is none',
      'exemptions: [{ reason: x, owner: y, expires: 2027-02-30 }]',
      [[1, 'exemptions[0].expires', '"2027-02-30" is not a valid date such as 2027-01-31.']],
    ],
    [
      'for a freeze that ends before it begins',
      'freezes:\n  - reason: turn of the year\n    from: 2026-12-20T00:00\n    to: 2026-12-03T00:00',
      [[4, 'freezes[0].to', '2026-12-03T00:00 is not after 2026-12-20T00:00, so the freeze would never apply. Set a later time.']],
    ],
    [
      'for a time with a zone of its own',
      'freezes: [{ reason: x, from: "2026-12-20T00:00Z", to: 2027-01-03T00:00 }]',
      [
        [
          1,
          'freezes[0].from',
          '"2026-12-20T00:00Z" is not a valid local time such as 2026-12-20T00:00, without Z: set the time zone in `timeZone`.',
        ],
      ],
    ],
    ['for a number that is too large', 'breaker: { failures: 5000 }', [[1, 'breaker.failures', '5000 is too large. The maximum is 1000.']]],
    ['for a list in the place of keys', '[modes]', [[undefined, '', 'a list of 1 is not valid: a mapping of keys to values is required.']]],
    [
      'for a parameter that its rule does not have',
      'parameters:\n  - rules: [ec2-flow-logs-on]\n    values: { day: 3 }',
      [[3, 'parameters[0].values', 'ec2-flow-logs-on has no parameter "day". Did you mean days?']],
    ],
    [
      'for a parameter that no rule has',
      'parameters:\n  - values: { dayz: 3 }',
      [[2, 'parameters[0].values.dayz', 'no rule has this parameter: "dayz" is not a valid key. Did you mean days?']],
    ],
    [
      'for a parameter that does not fit',
      'parameters:\n  - values: { days: 0 }',
      [[2, 'parameters[0].values', 'days of ec2-flow-logs-on: must be at least 1.']],
    ],
  ])('%s', (_, text, problems) => {
    expect(faultsOf(text)).toEqual(problems);
  });

  it('for parameters that fit one by one and not together, in the one place where they meet', () => {
    const entry = (values: object, place: object) => ({ rules: ['ec2-flow-logs-on'], values, ...place });
    const destination = entry({ destination: 'logs' }, {});
    const [long, least] = [{ accounts: ['111122223333', '222233334444'] }, { regions: ['eu-*'] }];
    expect(faultsOf(stringify({ parameters: [destination, entry({ days: 30 }, long), entry({ least: 60 }, least)] }))).toEqual([
      [1, 'parameters', 'the combination for ec2-flow-logs-on is invalid: least of ec2-flow-logs-on: is more than days.'],
    ]);
    const apart = { parameters: [destination, entry({ days: 30 }, { regions: ['us-*'] }), entry({ least: 60 }, least)] };
    expect(read(stringify(apart)).warnings).toEqual([]);
  });

  it('with all its faults at once, of which a thousand are cut short', () => {
    const text = stringify({ modes: { clauses: Array.from({ length: 1000 }, (_, index) => ({ mode: 'fix', rules: [`x-${index}`] })) } });
    const { problems, message } = errorOf(text);
    expect(problems).toHaveLength(101);
    expect(message).toMatch(
      /^The policy is invalid and was not applied:\n✖ line 5, modes\.clauses\[0\]\.rules\[0\]: the rule "x-0" does not exist\./,
    );
    expect(message).toMatch(/✖ the file: there are more than these 100 errors\. Fix these first\.$/);
  });
});

describe('a hostile file', () => {
  const laughs = [
    'a: &a [x, x, x, x, x, x, x, x, x]',
    ...[...'bcdefghij'].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[index]}`).join(', ')}]`),
  ].join('\n');

  it.each([
    ['a billion laughs', laughs, 'Excessive alias count'],
    [
      'aliases that grow a text beyond what is read',
      `a: &a ${'x'.repeat(100_000)}\nb: [${Array(50).fill('*a').join(', ')}]`,
      'Use fewer aliases',
    ],
    ['a list that holds itself', 'modes: &a [*a]', "the file can't be read"],
    ['ten megabytes', 'x'.repeat(10_000_000), 'the file has 10000000 bytes. The maximum is 1000000.'],
    ['brackets without end', '['.repeat(500_000), 'the nesting is deeper than 32 levels'],
    [
      'indentation without end',
      Array.from({ length: 700 }, (_, index) => `${' '.repeat(index)}a:`).join('\n'),
      /deeper than 32 levels|call stack/,
    ],
    ['a tag that makes a function', 'modes: !!js/function "function () { process.exit() }"', 'Unresolved tag'],
    ['a tag that YAML knows', 'exemptionTag: !!str keep', 'tag "tag:yaml.org,2002:str" is not supported'],
    ['two documents', 'modes: {}\n---\nmodes: { default: fix }', 'a second document begins here'],
    ['a key given twice', 'modes: { default: off }\nmodes: { default: fix }', 'the key "modes" is duplicated'],
    ['the prototype as a key', 'modes: { clauses: [{ mode: fix, tags: { __proto__: x } }] }', '`__proto__` is not allowed as a key'],
    ['half a character', 'modes: { clauses: [{ mode: fix, tags: { stage: "x\\ud83d" } }] }', 'the text "x" contains a lone surrogate'],
    [
      'half a character as a key',
      'modes: { clauses: [{ mode: fix, tags: { "x\\ud83d": stage } }] }',
      'the text "x" contains a lone surrogate',
    ],
    ['the prototype as a section', '__proto__: { modes: { default: fix } }', '`__proto__` is not allowed as a key'],
    [
      'the prototype as a key in JSON',
      '{"modes":{"clauses":[{"mode":"fix","tags":{"__proto__":"x"}}]}}',
      '`__proto__` is not allowed as a key',
    ],
    ['a constructor as a section', 'constructor: { prototype: { mode: fix } }', '"constructor" is not a valid key'],
    ['an alias of nothing', 'modes: *nothing', 'Unresolved alias'],
    ['a text that is no YAML', 'modes: [', 'the YAML is invalid'],
    ['a letter that turns the text around', 'modes: { "\u202etluafed": off }', '"tluafed" is not a valid key'],
  ])('is refused for %s', (_, text, fault) => {
    const { message } = errorOf(text);
    if (typeof fault === 'string') expect(message).toContain(fault);
    else expect(message).toMatch(fault);
    expect(({} as Record<string, unknown>).modes).toBeUndefined();
  });

  it('does not take long for many keys', () => {
    const before = process.cpuUsage().user;
    const text = Array.from({ length: 20_000 }, (_, index) => `key${index}: 1`).join('\n');
    expect(errorOf(text).problems.length).toBeLessThanOrEqual(101);
    expect((process.cpuUsage().user - before) / 1e6).toBeLessThan(10);
  });
});

describe('who could pass for two people', () => {
  const sts = 'arn:aws:sts::111122223333:assumed-role';
  const iam = 'arn:aws:iam::111122223333';
  const warningsOf = (principals: readonly string[], more: object = {}) =>
    read(stringify({ approvals: { approvers: [{ principals }], ...more } })).warnings;

  it.each([
    [`${sts}/OnCall/*`, `${iam}:role/OnCall`],
    [`${iam}:role/teams/OnCall`, `${iam}:role/OnCall`],
    [`${iam}:role/*`, `${iam}:role/*`],
    [`${iam}:root`, `${iam}:root`],
    ['security-hub-custom-action', 'security-hub-custom-action'],
  ])('is named by a warning, with four eyes: %s', (principal, who) => {
    const [warning, ...others] = warningsOf([principal]);
    expect(warning).toMatchObject({ path: 'approvals.approvers[0].principals[0]' });
    expect(warning?.message).toContain(`one person can stand for two as ${who},`);
    expect(others).toEqual([]);
    expect(warningsOf([principal], { fourEyes: false })).toEqual([]);
  });

  it('is not who has personal sessions, or is an IAM user', () => {
    expect(warningsOf([`${sts}/OnCall/*`, `${iam}:role/AWSReservedSSO_Ops_0a1b`], { personalSessions: [`${iam}:role/OnCall`] })).toEqual(
      [],
    );
    expect(warningsOf([`${iam}:user/ann`, `${iam}:user/ops/*`])).toEqual([]);
  });

  it('is who may have an IAM user and a session', () => {
    const [warning, ...others] = warningsOf([`${iam}:user/ann`, `${iam}:role/AWSReservedSSO_Ops_0a1b`]);
    expect(warning).toMatchObject({ path: 'approvals.approvers' });
    expect(warning?.message).toContain(`(${iam}:user/ann, ${iam}:role/AWSReservedSSO_Ops_0a1b)`);
    expect(others).toEqual([]);
  });
});

describe('the owner is warned', () => {
  const warningsOf = (expires: string) => read(stringify({ exemptions: [{ reason: 'legacy', owner: 'web', expires }] })).warnings;

  it.each([
    ['2026-11-23', 'the exemption expired after 2026-11-23. Remove it, or renew it with web.'],
    ['2026-11-24', 'the exemption expires soon, after 2026-11-24. Renew or remove it with web.'],
    ['2026-12-07', 'the exemption expires soon, after 2026-12-07. Renew or remove it with web.'],
  ])('of an exemption until %s', (expires, message) => {
    expect(warningsOf(expires)).toEqual([{ path: 'exemptions[0].expires', line: 4, message }]);
  });

  it('of none that holds for longer', () => {
    expect(warningsOf('2026-12-08')).toEqual([]);
  });
});

describe('a policy with a limit of accounts', () => {
  const warningsOf = (limits: object) => read(stringify({ limits })).warnings;
  const warning = (period: string, max: number) => ({
    path: `limits.account.${period}`,
    line: 1,
    message: `one account can use up the limit of all accounts, ${max} changes per ${period}. Set limits.account.${period} below it.`,
  });

  it.each([
    ['as in a new deployment', {}],
    ['below that of all', { account: { hour: 99 } }],
    ['for a day that is below that of all for an hour', { account: { day: 99 } }],
    ['and none for all', { account: {}, all: {} }],
    ['where all are limited to nothing', { all: { hour: 0 } }],
  ])('%s has no warning', (_, limits) => expect(warningsOf(limits)).toEqual([]));

  it.each([
    ['as high as that of all', { account: { hour: 100 } }, 'hour', 100],
    ['that is left out', { account: {}, all: { hour: 30 } }, 'hour', 30],
    ['that is the default, above that of all', { all: { hour: 40 } }, 'hour', 40],
    ['for an hour, with which a day exceeds that of all', { account: { hour: 10 }, all: { day: 200 } }, 'day', 200],
  ])('%s is warned of', (_, limits, period, max) =>
    expect(warningsOf(limits)).toEqual([expect.objectContaining({ ...warning(period, max), line: expect.any(Number) })]),
  );
});
