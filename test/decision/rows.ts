import type { Facts } from '../../functions/decision/facts';
import type { Verdict } from '../../functions/decision/verdict';
import { type Differences, irreversible, now, reversible } from './facts';

/** What is decided where something differs, and which clause says so. */
export type Row = readonly [name: string, differs: Differences, verdict: Verdict, clause: string];

type Policy = NonNullable<Differences['policy']>;

const clauses = (...given: NonNullable<Policy['modes']>['clauses'] & object): Policy => ({
  modes: { clauses: given },
});
const fixes = clauses({ mode: 'fix' });
const disruptive = { risk: 'disruptive' } as const;
const by = { by: 'arn:aws:iam::111122223333:user/ann', at: '2026-11-24T10:00:00Z', why: 'a reason' };
const changedBy = (userAgent: string, principal = 'arn:aws:iam::111122223333:user/bob') => ({
  lastChange: { known: { principal, userAgent, event: 'PutBucketVersioning', at: '2026-11-24T09:00:00Z' } },
});
const approval = { ...by, hash: 'plan', expires: '2026-11-25T10:00:00Z' };
const unknown = { unknown: 'AccessDenied' };
const tagged = (tags: Record<string, string>): Differences => ({ about: { tags: { known: tags } } });
const exempt = (value: string): Differences => tagged({ 'posture:exempt': value });
const exemption = (more: object, expires = '2026-12-31'): Policy => ({
  exemptions: [{ reason: 'legacy', owner: 'payments', expires, ...more }],
});
const window = (opens: string, more: object = {}) => ({ name: 'nights', opens, hours: 4, timeZone: 'UTC', ...more });
const freeze = (from: string, to: string, more: object = {}) => ({ reason: 'sales', from, to, timeZone: 'UTC', ...more });
const used = (sort: 'rule' | 'account' | 'all', hour: number, day = hour): NonNullable<Differences['recorded']> => {
  const none = { hour: 0, day: 0 };
  return { used: { rule: none, account: none, all: none, [sort]: { hour, day } } };
};
const at = (time: string, zoneWindow: object): Differences => ({
  policy: { windows: [zoneWindow as never] },
  facts: { now: new Date(time) },
});

/** A freeze in Berlin. */
const frozen = (now: string, from: string, to: string): Differences => ({
  policy: { freezes: [freeze(from, to, { timeZone: 'Europe/Berlin' })] },
  facts: { now: new Date(now) },
});

const modeRows: readonly Row[] = [
  ['nothing is set', { policy: { modes: {} } }, 'observe', 'mode'],
  ['the default is ask', { policy: { modes: { default: 'ask' } } }, 'ask', 'mode'],
  ['the default is off', { policy: { modes: { default: 'off' } } }, 'skip', 'mode'],
  ['the default is fix', { policy: { modes: { default: 'fix' } } }, 'fix', 'mode'],
  ['the default is fix and the rule disruptive', { policy: { modes: { default: 'fix' } }, rule: disruptive }, 'ask', 'risk'],
  ['everything is fixed', {}, 'fix', 'mode'],
  ['a rule is named', { policy: clauses({ mode: 'fix', rules: ['s3-bucket-x'] }) }, 'fix', 'mode'],
  ['another rule is named', { policy: clauses({ mode: 'fix', rules: ['s3-bucket-y'] }) }, 'observe', 'mode'],
  ['rules are named by a pattern', { policy: clauses({ mode: 'fix', rules: ['s3-*'] }) }, 'fix', 'mode'],
  ['a pattern of another service', { policy: clauses({ mode: 'fix', rules: ['ec2-*'] }) }, 'observe', 'mode'],
  ['a control is named', { policy: clauses({ mode: 'fix', controls: ['S3.14'] }) }, 'fix', 'mode'],
  ['another control is named', { policy: clauses({ mode: 'fix', controls: ['S3.1'] }) }, 'observe', 'mode'],
  ['controls are named by a pattern', { policy: clauses({ mode: 'fix', controls: ['S3.*'] }) }, 'fix', 'mode'],
  [
    'a control is to be fixed, and a Config rule found it',
    { policy: clauses({ mode: 'fix', controls: ['S3.14'] }), about: { detectedBy: 's3-bucket-versioning-enabled' } },
    'observe',
    'mode',
  ],
  [
    'a control is off, and a Config rule found it',
    { policy: clauses({ mode: 'fix' }, { mode: 'off', controls: ['S3.14'] }), about: { detectedBy: 's3-bucket-versioning-enabled' } },
    'skip',
    'mode',
  ],
  [
    'a Config rule is named',
    { policy: clauses({ mode: 'fix', controls: ['restricted-ssh'] }), about: { detectedBy: 'restricted-ssh' } },
    'fix',
    'mode',
  ],
  [
    'another control of the rule is off',
    { policy: clauses({ mode: 'fix' }, { mode: 'off', controls: ['S3.1'] }), rule: { controls: ['S3.14', 'S3.1'] } },
    'fix',
    'mode',
  ],
  ['a severity is fixed', { policy: clauses({ mode: 'fix', severities: ['critical', 'high'] }) }, 'fix', 'mode'],
  ['another severity is fixed', { policy: clauses({ mode: 'fix', severities: ['low'] }) }, 'observe', 'mode'],
  ['a risk is fixed', { policy: clauses({ mode: 'fix', risks: ['safe'] }) }, 'fix', 'mode'],
  ['another risk is fixed', { policy: clauses({ mode: 'fix', risks: ['disruptive'] }) }, 'observe', 'mode'],
  ['an account is fixed', { policy: clauses({ mode: 'fix', accounts: ['111122223333'] }) }, 'fix', 'mode'],
  ['another account is fixed', { policy: clauses({ mode: 'fix', accounts: ['999999999999'] }) }, 'observe', 'mode'],
  ['a region is fixed', { policy: clauses({ mode: 'fix', regions: ['eu-*'] }) }, 'fix', 'mode'],
  ['another region is fixed', { policy: clauses({ mode: 'fix', regions: ['us-*'] }) }, 'observe', 'mode'],
  ['a resource is fixed', { policy: clauses({ mode: 'fix', resources: ['arn:aws:s3:::rec*'] }) }, 'fix', 'mode'],
  ['another resource is fixed', { policy: clauses({ mode: 'fix', resources: ['arn:aws:s3:::other'] }) }, 'observe', 'mode'],
  ['the parent unit is fixed', { policy: clauses({ mode: 'fix', ous: ['ou-ab12-payments1'] }) }, 'fix', 'mode'],
  ['a unit further up is fixed', { policy: clauses({ mode: 'fix', ous: ['ou-ab12-prodprod'] }) }, 'fix', 'mode'],
  ['the root is fixed', { policy: clauses({ mode: 'fix', ous: ['r-ab12'] }) }, 'fix', 'mode'],
  ['another unit is fixed', { policy: clauses({ mode: 'fix', ous: ['ou-ab12-devdevdev'] }) }, 'observe', 'mode'],
  [
    'a unit is fixed, and the units are unknown',
    { policy: clauses({ mode: 'fix', ous: ['r-ab12'] }), about: { ous: unknown } },
    'observe',
    'mode',
  ],
  ['a unit further up is off', { policy: clauses({ mode: 'fix' }, { mode: 'off', ous: ['ou-ab12-prodprod'] }) }, 'skip', 'mode'],
  ['another unit is off', { policy: clauses({ mode: 'fix' }, { mode: 'off', ous: ['ou-ab12-devdevdev'] }) }, 'fix', 'mode'],
  [
    'a unit is off, and the units are unknown',
    { policy: clauses({ mode: 'fix' }, { mode: 'off', ous: ['ou-ab12-devdevdev'] }), about: { ous: unknown } },
    'skip',
    'mode',
  ],
  ['a tag is fixed', { policy: clauses({ mode: 'fix', tags: { env: 'prod' } }) }, 'fix', 'mode'],
  ['another value of a tag is fixed', { policy: clauses({ mode: 'fix', tags: { env: 'dev' } }) }, 'observe', 'mode'],
  ['one of the values of a tag is fixed', { policy: clauses({ mode: 'fix', tags: { env: ['dev', 'prod'] } }) }, 'fix', 'mode'],
  ['any value of a tag is fixed', { policy: clauses({ mode: 'fix', tags: { owner: '*' } }) }, 'fix', 'mode'],
  ['two tags are asked for, and one is there', { policy: clauses({ mode: 'fix', tags: { env: 'prod', tier: '1' } }) }, 'observe', 'mode'],
  [
    'a tag is fixed, and the resource carries none',
    { policy: clauses({ mode: 'fix', tags: { env: 'prod' } }), about: { tags: { known: undefined } } },
    'observe',
    'mode',
  ],
  ['a tag that every object has by itself', { policy: clauses({ mode: 'fix', tags: { toString: '*' } }) }, 'observe', 'mode'],
  [
    'a tag is off, and the tags are unknown',
    { policy: clauses({ mode: 'fix' }, { mode: 'off', tags: { env: 'dev' } }), about: { tags: unknown } },
    'skip',
    'mode',
  ],
  ['a tag observes', { policy: clauses({ mode: 'fix' }, { mode: 'observe', tags: { env: 'prod' } }) }, 'observe', 'mode'],
  ['an account asks', { policy: clauses({ mode: 'fix' }, { mode: 'ask', accounts: ['111122223333'] }) }, 'ask', 'mode'],
  ['one clause fixes and one observes', { policy: clauses({ mode: 'observe', rules: ['s3-*'] }, { mode: 'fix' }) }, 'observe', 'mode'],
  ['one clause asks and one is off', { policy: clauses({ mode: 'ask' }, { mode: 'off' }) }, 'skip', 'mode'],
  ['all of a clause has to fit', { policy: clauses({ mode: 'fix', rules: ['s3-*'], accounts: ['999999999999'] }) }, 'observe', 'mode'],
  [
    'a clause that may fit asks beside the default',
    { policy: clauses({ mode: 'ask', ous: ['ou-ab12-devdevdev'] }), about: { ous: unknown } },
    'observe',
    'mode',
  ],
  ['a disruptive rule under a general clause', { rule: disruptive }, 'ask', 'risk'],
  ['a disruptive rule that is named', { policy: clauses({ mode: 'fix', rules: ['s3-bucket-x'] }), rule: disruptive }, 'fix', 'mode'],
  ['a disruptive rule whose control is named', { policy: clauses({ mode: 'fix', controls: ['S3.14'] }), rule: disruptive }, 'fix', 'mode'],
  ['disruptive rules are named', { policy: clauses({ mode: 'fix', risks: ['disruptive'] }), rule: disruptive }, 'fix', 'mode'],
  ['a disruptive rule in an account', { policy: clauses({ mode: 'fix', accounts: ['111122223333'] }), rule: disruptive }, 'ask', 'risk'],
  [
    'a disruptive rule is named for another account',
    { policy: clauses({ mode: 'fix', rules: ['s3-bucket-x'], accounts: ['999999999999'] }, { mode: 'fix' }), rule: disruptive },
    'ask',
    'risk',
  ],
  ['a disruptive rule that observes', { policy: clauses({ mode: 'observe' }), rule: disruptive }, 'observe', 'mode'],
];

const group = 'arn:aws:logs:eu-west-1:111122223333:log-group:/shop';

const exemptionRows: readonly Row[] = [
  ['exempt by ARN', { policy: exemption({ resources: ['arn:aws:s3:::records'] }) }, 'skip', 'exemption'],
  ['exempt by a pattern', { policy: exemption({ resources: ['arn:aws:s3:::rec*'] }) }, 'skip', 'exemption'],
  [
    'exempt by its ARN as AWS writes it elsewhere',
    { policy: exemption({ resources: [`${group}:*`] }), about: { resource: group, aliases: [`${group}:*`] } },
    'skip',
    'exemption',
  ],
  [
    'exempt by its own ARN, where AWS writes another elsewhere',
    { policy: exemption({ resources: [group] }), about: { resource: group, aliases: [`${group}:*`] } },
    'skip',
    'exemption',
  ],
  [
    'exempt by an ARN that AWS writes for no other',
    { policy: exemption({ resources: [`${group}:*`] }), about: { resource: group } },
    'fix',
    'mode',
  ],
  ['another resource is exempt', { policy: exemption({ resources: ['arn:aws:s3:::x*'] }) }, 'fix', 'mode'],
  ['exempt by account', { policy: exemption({ accounts: ['111122223333'] }) }, 'skip', 'exemption'],
  ['another account is exempt', { policy: exemption({ accounts: ['999999999999'] }) }, 'fix', 'mode'],
  ['exempt by tag', { policy: exemption({ tags: { env: 'prod' } }) }, 'skip', 'exemption'],
  ['exempt from this rule', { policy: exemption({ rules: ['s3-bucket-x'] }) }, 'skip', 'exemption'],
  ['exempt from another rule', { policy: exemption({ rules: ['s3-bucket-y'] }) }, 'fix', 'mode'],
  ['exempt until today', { policy: exemption({ accounts: ['111122223333'] }, '2026-11-24') }, 'skip', 'exemption'],
  ['exempt until yesterday', { policy: exemption({ accounts: ['111122223333'] }, '2026-11-23') }, 'fix', 'mode'],
  ['exempt in a unit', { policy: exemption({ ous: ['r-ab12'] }) }, 'skip', 'exemption'],
  ['exempt in a unit, and the units are unknown', { policy: exemption({ ous: ['r-ab12'] }), about: { ous: unknown } }, 'ask', 'exemption'],
  ['exempt by its tag from this rule', exempt('s3-bucket-x until 2027-01-31'), 'skip', 'exemption'],
  ['exempt by its tag from all rules', exempt('all until 2027-01-31'), 'skip', 'exemption'],
  ['exempt by its tag until today', exempt('s3-bucket-x until 2026-11-24'), 'skip', 'exemption'],
  ['its tag has expired', exempt('s3-bucket-x until 2026-11-23'), 'fix', 'mode'],
  ['its tag is about another rule', exempt('s3-bucket-y until 2027-01-31'), 'fix', 'mode'],
  ['its tag is about two rules', exempt('s3-bucket-y+s3-bucket-x until 2027-01-31'), 'skip', 'exemption'],
  ['its tag has no date', exempt('s3-bucket-x'), 'skip', 'exemption'],
  ['its tag is empty', exempt(''), 'skip', 'exemption'],
  ['its tag has a date that is none', exempt('s3-bucket-x until 2026-02-30'), 'skip', 'exemption'],
  ['its tag ends before the date', exempt('s3-bucket-x until'), 'skip', 'exemption'],
  ['its tag names no rule', exempt('until 2020-01-01'), 'skip', 'exemption'],
  ['its tag has two dates', exempt('s3-bucket-x until 2020-01-01 2020-01-02'), 'skip', 'exemption'],
  ['its tag can not be read', exempt('<script>'), 'skip', 'exemption'],
  ['its tag pretends to a clause', exempt('mode: fix -> fix'), 'skip', 'exemption'],
  ['the tag of another key', { policy: { exemptionTag: 'keep' }, ...exempt('all') }, 'fix', 'mode'],
  ['the tag of a key of its own', { policy: { exemptionTag: 'keep' }, ...tagged({ keep: 'all' }) }, 'skip', 'exemption'],
  ['tags can not be read', { about: { tags: unknown } }, 'ask', 'exemption'],
  ['it carries no tags', { about: { tags: { known: undefined } } }, 'fix', 'mode'],
  ['the finding is suppressed', { facts: { workflow: { known: 'SUPPRESSED' } } }, 'skip', 'suppression'],
  ['the finding was notified', { facts: { workflow: { known: 'NOTIFIED' } } }, 'fix', 'mode'],
  ['the finding can not be read', { facts: { workflow: unknown } }, 'ask', 'suppression'],
  ['there is no such finding in Security Hub', { facts: { workflow: { known: undefined } } }, 'fix', 'mode'],
  ['it was rolled back', { recorded: { hold: { ...by, until: '2027-01-01T00:00:00Z' } } }, 'skip', 'exemption'],
  ['it was rolled back long ago', { recorded: { hold: { ...by, until: '2026-11-24T12:00:00Z' } } }, 'fix', 'mode'],
];

const timeRows: readonly Row[] = [
  ['a window is open', { policy: { windows: [window('0 10 * * *')] } }, 'fix', 'mode'],
  ['a window opens at this moment', { policy: { windows: [window('0 12 * * *')] } }, 'fix', 'mode'],
  ['a window closes at this moment', { policy: { windows: [window('0 8 * * *')] } }, 'defer', 'window'],
  ['a window is closed', { policy: { windows: [window('0 22 * * *')] } }, 'defer', 'window'],
  ['one of two windows is open', { policy: { windows: [window('0 22 * * *'), window('0 11 * * *')] } }, 'fix', 'mode'],
  ['a window for others is closed', { policy: { windows: [window('0 22 * * *', { accounts: ['999999999999'] })] } }, 'fix', 'mode'],
  [
    'a window for this account is closed',
    { policy: { windows: [window('0 22 * * *', { accounts: ['111122223333'] })] } },
    'defer',
    'window',
  ],
  [
    'a window for others is open, and ours is closed',
    { policy: { windows: [window('0 11 * * *', { regions: ['us-*'] }), window('0 22 * * *')] } },
    'defer',
    'window',
  ],
  [
    'a closed window may be for it',
    { policy: { windows: [window('0 22 * * *', { ous: ['ou-ab12-devdevdev'] })] }, about: { ous: unknown } },
    'defer',
    'window',
  ],
  [
    'an open window may be for it',
    { policy: { windows: [window('0 11 * * *', { ous: ['ou-ab12-devdevdev'] })] }, about: { ous: unknown } },
    'defer',
    'window',
  ],
  ['a window of weekdays, on a Tuesday', { policy: { windows: [window('0 10 * * MON-FRI')] } }, 'fix', 'mode'],
  ['a window of the weekend, on a Tuesday', { policy: { windows: [window('0 10 * * SAT,SUN')] } }, 'defer', 'window'],
  [
    'a window in Berlin, where it is one o’clock',
    { policy: { windows: [window('0 13 * * *', { timeZone: 'Europe/Berlin' })] } },
    'fix',
    'mode',
  ],
  [
    'a window in New York, where it is seven',
    { policy: { windows: [window('0 13 * * *', { timeZone: 'America/New_York' })] } },
    'defer',
    'window',
  ],
  [
    'in summer, eight o’clock in Berlin is six in UTC',
    at('2026-07-01T06:00:00Z', window('0 8 * * *', { timeZone: 'Europe/Berlin', hours: 1 })),
    'fix',
    'mode',
  ],
  ['in winter it is seven', at('2026-12-01T06:00:00Z', window('0 8 * * *', { timeZone: 'Europe/Berlin', hours: 1 })), 'defer', 'window'],
  [
    'a window over the change to summer time is as long as ever',
    at('2026-03-29T02:59:00Z', window('0 0 * * SUN', { timeZone: 'Europe/Berlin' })),
    'fix',
    'mode',
  ],
  ['and no longer', at('2026-03-29T03:00:00Z', window('0 0 * * SUN', { timeZone: 'Europe/Berlin' })), 'defer', 'window'],
  [
    'a window that begins in the hour that summer time leaves out',
    at('2026-03-29T01:15:00Z', window('30 2 * * *', { timeZone: 'Europe/Berlin', hours: 1 })),
    'fix',
    'mode',
  ],
  ['a freeze holds', { policy: { freezes: [freeze('2026-11-20T00:00', '2026-12-01T00:00')] } }, 'defer', 'freeze'],
  ['a freeze is to come', { policy: { freezes: [freeze('2026-12-20T00:00', '2027-01-07T00:00')] } }, 'fix', 'mode'],
  ['a freeze is over', { policy: { freezes: [freeze('2026-11-01T00:00', '2026-11-24T12:00')] } }, 'fix', 'mode'],
  [
    'a freeze may be for it',
    { policy: { freezes: [freeze('2026-11-20T00:00', '2026-12-01T00:00', { ous: ['ou-ab12-devdevdev'] })] }, about: { ous: unknown } },
    'defer',
    'freeze',
  ],
  [
    'a freeze ends at a time that comes twice, and it was there once',
    frozen('2026-10-25T01:29:59Z', '2026-10-20T00:00', '2026-10-25T02:30'),
    'defer',
    'freeze',
  ],
  [
    'a freeze ends at a time that comes twice, and it was there twice',
    frozen('2026-10-25T01:30:00Z', '2026-10-20T00:00', '2026-10-25T02:30'),
    'fix',
    'mode',
  ],
  [
    'a freeze begins at a time that is skipped, right after the skip',
    frozen('2026-03-29T01:00:00Z', '2026-03-29T02:30', '2026-03-30T00:00'),
    'defer',
    'freeze',
  ],
  [
    'a freeze begins at a time that is skipped, long before',
    frozen('2026-03-29T00:29:59Z', '2026-03-29T02:30', '2026-03-30T00:00'),
    'fix',
    'mode',
  ],
  [
    'a freeze ends at a time that is skipped, right after the skip',
    frozen('2026-03-29T01:29:59Z', '2026-03-28T00:00', '2026-03-29T02:30'),
    'defer',
    'freeze',
  ],
  [
    'a freeze begins at a time that comes twice, at the first',
    frozen('2026-10-25T00:30:00Z', '2026-10-25T02:30', '2026-10-26T00:00'),
    'defer',
    'freeze',
  ],
  ['a freeze begins at this moment', { policy: { freezes: [freeze('2026-11-24T12:00', '2026-11-24T13:00')] } }, 'defer', 'freeze'],
  [
    'a freeze of another region',
    { policy: { freezes: [freeze('2026-11-20T00:00', '2026-12-01T00:00', { regions: ['us-*'] })] } },
    'fix',
    'mode',
  ],
  [
    'a freeze in Tokyo has begun there',
    { policy: { freezes: [freeze('2026-11-24T20:00', '2026-11-25T00:00', { timeZone: 'Asia/Tokyo' })] } },
    'defer',
    'freeze',
  ],
  [
    'a freeze in Los Angeles has not',
    { policy: { freezes: [freeze('2026-11-24T06:00', '2026-11-25T00:00', { timeZone: 'America/Los_Angeles' })] } },
    'fix',
    'mode',
  ],
  [
    'a freeze while a window is open',
    { policy: { windows: [window('0 10 * * *')], freezes: [freeze('2026-11-20T00:00', '2026-12-01T00:00')] } },
    'defer',
    'freeze',
  ],
  ['a closed window and a mode that asks', { policy: { ...clauses({ mode: 'ask' }), windows: [window('0 22 * * *')] } }, 'ask', 'mode'],
  [
    'a closed window and a mode that observes',
    { policy: { ...clauses({ mode: 'observe' }), windows: [window('0 22 * * *')] } },
    'observe',
    'mode',
  ],
  ['the owner has time left', { policy: { grace: [{ hours: 24 }] } }, 'defer', 'grace'],
  ['the owner had his time', { policy: { grace: [{ hours: 1 }] } }, 'fix', 'mode'],
  ['the longest time holds', { policy: { grace: [{ hours: 1 }, { hours: 2, severities: ['high'] }] } }, 'defer', 'grace'],
  ['others have time', { policy: { grace: [{ hours: 24, severities: ['low'] }] } }, 'fix', 'mode'],
  ['no time at all', { policy: { grace: [{ hours: 0 }] } }, 'fix', 'mode'],
  [
    'time that may be for it',
    { policy: { grace: [{ hours: 24, ous: ['ou-ab12-devdevdev'] }] }, about: { ous: unknown } },
    'defer',
    'grace',
  ],
];

const due = (action: 'fix' | 'escalate', more: object = {}) => ({ deadlines: [{ hours: 48, action, ...more }] });
/** Detected long ago, and received so many days ago. */
const received = (days: number): Partial<Facts> => ({
  detectedAt: '2026-01-01T00:00:00Z',
  receivedAt: new Date(now.getTime() - days * 86_400_000).toISOString(),
});
const asks = clauses({ mode: 'ask' });

const deadlineRows: readonly Row[] = [
  ['the deadline has passed', { policy: { ...asks, ...due('fix') }, facts: received(1) }, 'fix', 'mode'],
  [
    'it was detected long ago, and received less than a day ago',
    { policy: { ...asks, ...due('fix') }, facts: received(0.9) },
    'ask',
    'mode',
  ],
  [
    'nobody knows when it was received',
    { policy: { ...asks, ...due('fix') }, facts: { detectedAt: '2026-01-01T00:00:00Z' } },
    'ask',
    'mode',
  ],
  ['the deadline only escalates', { policy: { ...asks, ...due('escalate') }, facts: received(2) }, 'ask', 'mode'],
  [
    'of two deadlines, the first escalates',
    { policy: { ...asks, deadlines: [{ hours: 48, action: 'fix' }, { hours: 24 }] }, facts: received(9) },
    'ask',
    'mode',
  ],
  ['the deadline is for others', { policy: { ...asks, ...due('fix', { severities: ['low'] }) }, facts: received(9) }, 'ask', 'mode'],
  [
    'the deadline may be for it',
    { policy: { ...asks, ...due('fix', { ous: ['ou-ab12-devdevdev'] }) }, facts: received(9), about: { ous: unknown } },
    'ask',
    'mode',
  ],
  [
    'the deadline has passed in observe mode',
    { policy: { ...clauses({ mode: 'observe' }), ...due('fix') }, facts: received(9) },
    'observe',
    'mode',
  ],
  [
    'the deadline has passed for a disruptive rule',
    { policy: { ...asks, ...due('fix') }, rule: disruptive, facts: received(9) },
    'ask',
    'risk',
  ],
  [
    'the deadline has passed for what a stack owns',
    { policy: { ...asks, ...due('fix') }, about: { tags: { known: { 'aws:cloudformation:stack-name': 'web' } } }, facts: received(9) },
    'ask',
    'ownership',
  ],
];

const boundRows: readonly Row[] = [
  ['an hour for the rule is not used up', { policy: { limits: { rule: { hour: 10 } } }, recorded: used('rule', 9) }, 'fix', 'mode'],
  ['an hour for the rule is used up', { policy: { limits: { rule: { hour: 10 } } }, recorded: used('rule', 10) }, 'defer', 'limit'],
  ['a day for the rule is used up', { policy: { limits: { rule: { day: 10 } } }, recorded: used('rule', 0, 10) }, 'defer', 'limit'],
  ['an hour for the account is used up', { policy: { limits: { account: { hour: 3 } } }, recorded: used('account', 3) }, 'defer', 'limit'],
  ['a day for the account is used up', { policy: { limits: { account: { day: 3 } } }, recorded: used('account', 0, 4) }, 'defer', 'limit'],
  ['an hour in all is used up', { policy: { limits: { all: { hour: 5 } } }, recorded: used('all', 5) }, 'defer', 'limit'],
  ['a day in all is used up', { policy: { limits: { all: { day: 5 } } }, recorded: used('all', 0, 5) }, 'defer', 'limit'],
  ['the usual hundred in all are used up', { recorded: used('all', 100) }, 'defer', 'limit'],
  ['no limit is set', { policy: { limits: { all: {} } }, recorded: used('all', 100_000) }, 'fix', 'mode'],
  [
    'it is counted already',
    { policy: { limits: { rule: { hour: 10 } } }, recorded: { ...used('rule', 10), counted: true } },
    'fix',
    'mode',
  ],
  ['a limit of none', { policy: { limits: { rule: { hour: 0 } } } }, 'defer', 'limit'],
  ['beyond the limit it asks', { policy: { limits: { rule: { hour: 10 }, beyond: 'ask' } }, recorded: used('rule', 10) }, 'ask', 'limit'],
  [
    'below the limit it does not ask',
    { policy: { limits: { rule: { hour: 10 }, beyond: 'ask' } }, recorded: used('rule', 9) },
    'fix',
    'mode',
  ],
  ['all changes are stopped', { recorded: { stop: by } }, 'defer', 'stop'],
  ['all changes are stopped, and it would ask', { policy: clauses({ mode: 'ask' }), recorded: { stop: by } }, 'ask', 'mode'],
  ['all changes are stopped, and it was approved', { policy: clauses({ mode: 'ask' }), recorded: { stop: by, approval } }, 'defer', 'stop'],
  ['what is on record can not be read', { facts: { recorded: unknown } }, 'defer', 'record'],
  ['the breaker is open', { recorded: { open: { at: by.at, why: '5 failures in a row' } } }, 'observe', 'breaker'],
  [
    'the breaker is open, and it was approved',
    { policy: clauses({ mode: 'ask' }), recorded: { open: { at: by.at, why: '5 failures' }, approval } },
    'observe',
    'breaker',
  ],
  ['fixed twice this week', { recorded: { fixes: ['2026-11-22T00:00:00Z', '2026-11-23T00:00:00Z'] } }, 'fix', 'mode'],
  [
    'fixed three times this week',
    { recorded: { fixes: ['2026-11-21T00:00:00Z', '2026-11-22T00:00:00Z', '2026-11-23T00:00:00Z'] } },
    'observe',
    'drift-loop',
  ],
  [
    'fixed three times, but not this week',
    { recorded: { fixes: ['2026-11-01T00:00:00Z', '2026-11-02T00:00:00Z', '2026-11-23T00:00:00Z'] } },
    'fix',
    'mode',
  ],
  [
    'fixed once, where once is enough',
    { policy: { driftLoops: { fixes: 1 } }, recorded: { fixes: ['2026-11-23T00:00:00Z'] } },
    'observe',
    'drift-loop',
  ],
  [
    'fixed three times within an hour',
    { policy: { driftLoops: { days: 0.05 } }, recorded: { fixes: Array(3).fill('2026-11-24T11:30:00Z') } },
    'observe',
    'drift-loop',
  ],
];

const ownerRows: readonly Row[] = [
  ['a stack owns it', tagged({ 'aws:cloudformation:stack-name': 'shop' }), 'ask', 'ownership'],
  [
    'a stack owns it, and that is observed',
    { policy: { ownership: { mode: 'observe' } }, ...tagged({ 'aws:cloudformation:stack-name': 'shop' }) },
    'observe',
    'ownership',
  ],
  [
    'a stack owns it, and that does not matter',
    { policy: { ownership: { mode: 'fix' } }, ...tagged({ 'aws:cloudformation:stack-name': 'shop' }) },
    'fix',
    'mode',
  ],
  [
    'a stack owns it, and that is left alone',
    { policy: { ownership: { mode: 'off' } }, ...tagged({ 'aws:cloudformation:stack-name': 'shop' }) },
    'skip',
    'ownership',
  ],
  ['Pulumi owns it', tagged({ 'pulumi:project': 'shop' }), 'ask', 'ownership'],
  ['a controller of Kubernetes owns it', tagged({ 'services.k8s.aws/controller-version': 's3-1' }), 'ask', 'ownership'],
  ['Crossplane owns it', tagged({ 'crossplane-kind': 'bucket' }), 'ask', 'ownership'],
  ['Karpenter owns it', tagged({ 'karpenter.sh/nodepool': 'default' }), 'ask', 'ownership'],
  ['a cluster owns it', tagged({ 'kubernetes.io/cluster/shop': 'owned' }), 'ask', 'ownership'],
  ['a cluster shares it', tagged({ 'kubernetes.io/cluster/shop': 'shared' }), 'fix', 'mode'],
  ['Terraform owns it by a tag of its people', tagged({ ManagedBy: 'Terraform' }), 'ask', 'ownership'],
  ['Terraform owns it by another tag of its people', tagged({ managed_by: 'terraform-cloud' }), 'ask', 'ownership'],
  ['a tag terraform that is true', tagged({ Terraform: 'true' }), 'ask', 'ownership'],
  ['people manage it', tagged({ ManagedBy: 'platform team' }), 'fix', 'mode'],
  [
    'a tag of the policy',
    { policy: { ownership: { tags: [{ key: 'iac', value: 'tool-*', owner: 'Our tool' }] } }, ...tagged({ iac: 'tool-7' }) },
    'ask',
    'ownership',
  ],
  ['CloudFormation changed it last', { facts: changedBy('cloudformation.amazonaws.com') }, 'ask', 'ownership'],
  [
    'Terraform changed it last',
    { facts: changedBy('APN/1.0 HashiCorp/1.0 Terraform/1.9.0 (+https://www.terraform.io)') },
    'ask',
    'ownership',
  ],
  ['OpenTofu changed it last', { facts: changedBy('HashiCorp-terraform-exec/0.21 opentofu/1.8') }, 'ask', 'ownership'],
  ['Pulumi changed it last', { facts: changedBy('APN/1.0 Pulumi/1.0') }, 'ask', 'ownership'],
  ['an operator changed it last', { facts: changedBy('aws-controllers-k8s/s3.services.k8s.aws-1.0') }, 'ask', 'ownership'],
  ['a person changed it last', { facts: changedBy('Mozilla/5.0') }, 'fix', 'mode'],
  ['nobody is known to have changed it', {}, 'fix', 'mode'],
  ['who changed it last is unknown', { facts: { lastChange: unknown } }, 'ask', 'ownership'],
  [
    'who changed it last is unknown, and what a template owns is observed',
    { policy: { ownership: { mode: 'observe' } }, facts: { lastChange: unknown } },
    'observe',
    'ownership',
  ],
  [
    'who changed it last is unknown, and what a template owns is left alone',
    { policy: { ownership: { mode: 'off' } }, facts: { lastChange: unknown } },
    'skip',
    'ownership',
  ],
  [
    'who changed it last is unknown, and does not matter',
    { policy: { ownership: { lastChange: false } }, facts: { lastChange: unknown } },
    'fix',
    'mode',
  ],
];

const approvalRows: readonly Row[] = [
  ['it can not be undone', { facts: { changes: [irreversible] } }, 'ask', 'approval'],
  ['a part can not be undone', { facts: { changes: [reversible, irreversible] } }, 'fix', 'mode'],
  [
    'what can be undone stands on both sides of what can not',
    { facts: { changes: [reversible, irreversible, reversible] } },
    'ask',
    'approval',
  ],
  ['what can not be undone stands first', { facts: { changes: [irreversible, reversible] } }, 'ask', 'approval'],
  ['it can not be undone, and was approved', { facts: { changes: [irreversible] }, recorded: { approval } }, 'fix', 'mode'],
  ['it asks, and was approved', { policy: clauses({ mode: 'ask' }), recorded: { approval } }, 'fix', 'mode'],
  ['it is disruptive, and was approved', { rule: disruptive, recorded: { approval } }, 'fix', 'mode'],
  ['a template owns it, and it was approved', { ...tagged({ 'pulumi:stack': 'x' }), recorded: { approval } }, 'fix', 'mode'],
  [
    'another plan was approved',
    { policy: clauses({ mode: 'ask' }), recorded: { approval: { ...approval, hash: 'other' } } },
    'ask',
    'mode',
  ],
  [
    'the approval has expired',
    { policy: clauses({ mode: 'ask' }), recorded: { approval: { ...approval, expires: '2026-11-24T12:00:00Z' } } },
    'ask',
    'mode',
  ],
  [
    'who approved changed it last',
    { policy: clauses({ mode: 'ask' }), recorded: { approval }, facts: changedBy('Mozilla/5.0', by.by) },
    'ask',
    'mode',
  ],
  [
    'who approved changed it last, which is allowed',
    {
      policy: { ...clauses({ mode: 'ask' }), approvals: { fourEyes: false } },
      recorded: { approval },
      facts: changedBy('Mozilla/5.0', by.by),
    },
    'fix',
    'mode',
  ],
  [
    'it is unknown whether who approved changed it last',
    { policy: clauses({ mode: 'ask' }), recorded: { approval }, facts: { lastChange: unknown } },
    'ask',
    'mode',
  ],
  ['it was approved, and observes by now', { policy: clauses({ mode: 'observe' }), recorded: { approval } }, 'observe', 'mode'],
  [
    'it was approved, and is exempt by now',
    { policy: { ...clauses({ mode: 'ask' }), ...exemption({ accounts: ['111122223333'] }) }, recorded: { approval } },
    'skip',
    'exemption',
  ],
  [
    'it was approved, and a window is closed',
    { policy: { ...clauses({ mode: 'ask' }), windows: [window('0 22 * * *')] }, recorded: { approval } },
    'defer',
    'window',
  ],
  [
    'it was approved within the owner’s time',
    { policy: { ...clauses({ mode: 'ask' }), grace: [{ hours: 24 }] }, recorded: { approval } },
    'fix',
    'mode',
  ],
  [
    'it was approved beyond a limit that asks',
    { policy: { limits: { rule: { hour: 1 }, beyond: 'ask' } }, recorded: { ...used('rule', 1), approval } },
    'fix',
    'mode',
  ],
  [
    'it was approved beyond a limit that defers',
    { policy: { ...clauses({ mode: 'ask' }), limits: { rule: { hour: 1 } } }, recorded: { ...used('rule', 1), approval } },
    'defer',
    'limit',
  ],
  ['it needs no approval, and has one', { recorded: { approval } }, 'fix', 'mode'],
  ['it needs no approval, and has one of another plan', { recorded: { approval: { ...approval, hash: 'other' } } }, 'fix', 'mode'],
  ['tags can not be read, and it was approved', { about: { tags: unknown }, recorded: { approval } }, 'ask', 'exemption'],
  ['the finding can not be read, and it was approved', { facts: { workflow: unknown }, recorded: { approval } }, 'ask', 'suppression'],
  [
    'an exemption may hold, and it was approved',
    { policy: exemption({ ous: ['r-ab12'] }), about: { ous: unknown }, recorded: { approval } },
    'ask',
    'exemption',
  ],
  [
    'who changed it last is unknown, it was approved, and one pair of eyes is enough',
    { policy: { approvals: { fourEyes: false } }, facts: { lastChange: unknown }, recorded: { approval } },
    'fix',
    'mode',
  ],
];

const grantRows: readonly Row[] = [
  ['its roles only read', { policy: { ...fixes, grants: [{ grants: 'read', accounts: ['111122223333'] }] } }, 'observe', 'grants'],
  ['all roles only read', { policy: { ...fixes, grants: [{ grants: 'read' }] } }, 'observe', 'grants'],
  [
    'the roles of another account only read',
    { policy: { ...fixes, grants: [{ grants: 'read', accounts: ['444455556666'] }] } },
    'fix',
    'mode',
  ],
  [
    'its roles may only read, as its organizational units are unknown',
    { policy: { ...fixes, grants: [{ grants: 'read', ous: ['r-ab12'] }] }, about: { ous: unknown } },
    'observe',
    'grants',
  ],
  [
    'its roles only read, and it was approved',
    { policy: { ...clauses({ mode: 'ask' }), grants: [{ grants: 'read' }] }, recorded: { approval } },
    'observe',
    'grants',
  ],
];

export const rows: Readonly<Record<string, readonly Row[]>> = {
  'roles that only read': grantRows,
  modes: modeRows,
  exemptions: exemptionRows,
  'windows, freezes and grace': timeRows,
  deadlines: deadlineRows,
  'limits, stops, breakers and driftLoops': boundRows,
  owners: ownerRows,
  approvals: approvalRows,
};
