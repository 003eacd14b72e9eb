import { loadRules } from '../../functions/catalogue/catalogue';
import { keys, orderKeys } from '../../functions/coordination/keys';
import { leaseKey } from '../../functions/coordination/lease-key';
import type { Synthesis } from '../../infra/synth';
import { toArray } from '../../rules/rule';
import { grantsOf } from '../contract/grants';
import { exampleOf } from '../events/of-rule';
import { absentKeysOf, accessLevelOf, faultsOf } from './iam-action';
import { type PlainResource, plainResources } from './plain';
import { synthesized, temporaryFolder } from './synthesized';

const outdir = temporaryFolder('roles');
const catalogue = loadRules().map(({ rule }) => rule);
const rules = catalogue.map((rule) => [rule.id, rule] as const);

interface Statement {
  readonly Effect: string;
  readonly Action?: string | readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

let synthesis: Synthesis;
/** With roles that may write. */
let resources: readonly PlainResource[] = [];
beforeAll(async () => {
  synthesis = await synthesized(outdir);
  resources = plainResources(synthesis, { Grants: 'write' });
});

const plainRole = (of: readonly PlainResource[], name: string) =>
  of.find(({ type, name: own }) => type === 'AWS::IAM::Role' && own === name)?.properties;
const roleNamed = (name: string) => plainRole(resources, name);

let unlessWriting: readonly PlainResource[] | undefined;
const readOnly = (): readonly PlainResource[] => {
  unlessWriting ??= plainResources(synthesis);
  return unlessWriting;
};
/** Of its inline policy, or, where that could not hold them, of its managed policies. */
const statementsOf = (name: string): readonly Statement[] => {
  const { Policies = [], ManagedPolicyArns = [] } = roleNamed(name);
  expect([Policies.length, ManagedPolicyArns.length > 0]).toEqual(name === 'posture-sweep' ? [0, true] : [1, false]);
  const managed = resources.filter(({ logicalId }) => ManagedPolicyArns.includes(`${logicalId}.Ref`)).map(({ properties }) => properties);
  expect(managed).toHaveLength(ManagedPolicyArns.length);
  return [...Policies, ...managed].flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
};
/** The logical ID of the bucket for documents. */
const documents = () => resources.find(({ type }) => type === 'AWS::S3::Bucket')?.logicalId;
const allow = (Action: string | readonly string[], Resource: string, Condition?: object) => ({
  Action,
  Effect: 'Allow',
  Resource,
  ...(Condition && { Condition }),
});

/** What is denied to the credentials of a function's role anywhere but in the function. */
const onlyFrom = (name: string) => {
  const ArnNotLike = {
    'lambda:SourceFunctionArn': ['', ':*'].map((alias) => `arn:{partition}:lambda:{region}:{account}:function:${name}${alias}`),
  };
  return [
    {
      Sid: 'OnlyFromTheFunction',
      Effect: 'Deny',
      NotAction: [
        ...['logs:CreateLogStream', 'logs:PutLogEvents', 'xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'sqs:SendMessage'],
        ...['iam:PassRole', 'kms:Decrypt', 'kms:GenerateDataKey', 'lambda:InvokeFunction'],
      ],
      Resource: '*',
      Condition: { ArnNotLike },
    },
    {
      Sid: 'OnlyByScheduler',
      Effect: 'Deny',
      Action: ['lambda:InvokeFunction', 'sqs:SendMessage'],
      Resource: [`arn:{partition}:lambda:{region}:{account}:function:${name}`, 'posture-undelivered.Arn'],
      Condition: { ArnNotLike, StringLike: { 'aws:userid': `*:${name}` } },
    },
  ];
};

const updatedItemsOf = (id: string): readonly string[] =>
  statementsOf(`posture-function-${id}`)
    .filter(({ Action, Resource }) => Resource === 'posture-coordination.Arn' && Action === 'dynamodb:UpdateItem')
    .flatMap(({ Condition }) => toArray(Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] ?? []));
/** Whoever may take a lease may read it. */

const leasesOf = (id: string) => updatedItemsOf(id).filter((pattern) => pattern.startsWith('lease '));
const containmentsOf = (id: string) => leasesOf(id).map((pattern) => pattern.replace(/^lease /, 'contained '));

describe.each(rules)('the function of %s', (id, rule) => {
  it('has a role that Lambda assumes, and EventBridge Scheduler for its schedules, without managed policies', () => {
    const { AssumeRolePolicyDocument, ManagedPolicyArns } = roleNamed(`posture-function-${id}`);
    expect(AssumeRolePolicyDocument.Statement).toEqual([
      { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } },
      {
        Action: 'sts:AssumeRole',
        Effect: 'Allow',
        Principal: { Service: 'scheduler.amazonaws.com' },
        Condition: {
          StringEquals: { 'aws:SourceAccount': '{account}' },
          ArnEquals: { 'aws:SourceArn': 'arn:{partition}:scheduler:{region}:{account}:schedule-group/posture' },
        },
      },
    ]);
    expect(ManagedPolicyArns).toBeUndefined();
  });

  it('may read the policy, append to the log, coordinate, assume its member role, come again, and tell: no more', () => {
    const on = (table: string, action: string, patterns: unknown) =>
      allow(`dynamodb:${action}`, `posture-${table}.Arn`, {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': patterns },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      });
    const breakers = [`breaker ${id}`, `breaker ${id} *`];
    const counts = ['count all *', 'count account *', `count rule ${id} *`];
    const own = [...counts, ...breakers, `permit ${id} *`, `fixes ${id} *`];
    const updated = expect.arrayContaining([expect.stringMatching(/^lease /), ...own]);
    expect(statementsOf(`posture-function-${id}`)).toEqual([
      allow(['dynamodb:PartiQLInsert', 'dynamodb:Query'], 'posture-log.Arn', {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${id}/*`] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      }),
      on('orders', 'GetItem', [`rollback ${id} *`]),
      on('orders', 'ConditionCheckItem', [`approval ${id} *`]),
      on('orders', 'BatchGetItem', [
        'stop',
        rule.response ? 'stop responses' : 'stop settings',
        `approval ${id} *`,
        `hold ${id} *`,
        ...breakers,
        'policy',
        'policy-check',
      ]),
      on('coordination', 'UpdateItem', updated),
      on('coordination', 'PutItem', [
        `open ${id} *`,
        `permit ${id} *`,
        ...(rule.response ? [`drill ${id} *`] : []),
        `ask ${id} *`,
        `repeat ${id} *`,
        `cooldown ${id} *`,
        `turn ${id} *`,
      ]),
      on('coordination', 'GetItem', [
        ...containmentsOf(id),
        `open ${id} *`,
        `permit ${id} *`,
        `look ${id} *`,
        `demands ${id} *`,
        `turn ${id} *`,
        `handed-on ${id} *`,
      ]),
      on('coordination', 'DeleteItem', [...(rule.response ? containmentsOf(id) : []), `open ${id} *`, `ask ${id} *`, `repeat ${id} *`]),
      on('coordination', 'BatchGetItem', [
        ...leasesOf(id),
        ...containmentsOf(id),
        `open ${id} *`,
        `permit ${id} *`,
        ...counts,
        ...(rule.response ? ['cap *'] : []),
        `ask ${id} *`,
        `fixes ${id} *`,
        ...breakers,
        `repeat ${id} *`,
        `look ${id} *`,
        ...['queue all *', 'queue account *', `queue rule ${id} *`],
      ]),
      allow('organizations:ListParents', '*'),
      allow(
        ['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'],
        'arn:{partition}:appconfig:{region}:{account}:application/posture.Ref/environment/posture.Ref/configuration/posture.Ref',
      ),
      allow('sts:AssumeRole', `arn:{partition}:iam::*:role/posture-${id}`, { StringEquals: { 'aws:ResourceAccount': '{account}' } }),
      allow('events:PutEvents', 'arn:{partition}:events:{region}:{account}:event-bus/posture'),
      ...(rule.documents ? [allow(['s3:PutObject', 's3:GetObject'], `${documents()}.Arn/${id}/*`)] : []),
      allow('scheduler:CreateSchedule', `arn:{partition}:scheduler:{region}:{account}:schedule/posture/${id}-????????????????`),
      allow('iam:PassRole', `arn:{partition}:iam::{account}:role/posture-function-${id}`, {
        StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' },
      }),
      allow('lambda:InvokeFunction', `arn:{partition}:lambda:{region}:{account}:function:posture-rule-${id}`),
      allow('sqs:SendMessage', 'posture-undelivered.Arn'),
      allow('sqs:SendMessage', 'posture-failed.Arn'),
      allow(['logs:CreateLogStream', 'logs:PutLogEvents'], `/aws/lambda/posture-rule-${id}.Arn`),
      allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*'),
      ...onlyFrom(`posture-rule-${id}`),
    ]);
  });

  it('may take the leases of its own sorts of resources', () => {
    const patterns = updatedItemsOf(id);
    for (const kind of toArray(rule.resource)) {
      const { arn } = exampleOf(kind);
      const name = leaseKey(rule, { type: kind.type, arn, id: 'any', partition: 'aws', account: '111122223333', region: 'eu-west-1' });
      expect(toArray(patterns).some((pattern) => isLike(`lease ${name}`, pattern))).toBe(true);
    }
    expect(toArray(patterns).some((pattern) => isLike('lease arn:aws:zoo:eu-west-1:111122223333:other', pattern))).toBe(false);
    expect(toArray(patterns).some((pattern) => isLike('approval of anything', pattern))).toBe(false);
  });

  it('can neither stop nor approve nor order, nor speak for another rule', () => {
    const writing = ['dynamodb:PutItem', 'dynamodb:UpdateItem'];
    const written = statementsOf(`posture-function-${id}`)
      .filter(
        ({ Action, Resource }) =>
          ['posture-orders.Arn', 'posture-coordination.Arn'].includes(String(Resource)) &&
          toArray(Action ?? []).some((action) => writing.includes(action)),
      )
      .flatMap(({ Condition }) => toArray(Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] ?? []));
    const arn = 'arn:aws:s3:::b';
    const others = [orderKeys.stop, orderKeys.approval(id, 'r'), orderKeys.rollback(id, 'r'), orderKeys.hold(id, arn)];
    const foreign = [
      keys.breaker('other'),
      keys.fixes('other', arn),
      keys.ask('other', arn),
      keys.permit('other', 'r', 1),
      keys.count('rule other', '2026-11-24'),
      keys.cooldown('other', 'evaluate'),
      keys.open('other', arn),
    ];
    const longer = [keys.breaker(`${id}-too`), keys.fixes(`${id}-too`, arn), keys.permit(`${id}-too`, 'r', 1), keys.open(`${id}-too`, arn)];
    for (const key of [...others, ...foreign, ...longer]) expect([key, written.filter((one) => isLike(key, one))]).toEqual([key, []]);
  });
});

describe.each(rules)('the member role of %s', (id, rule) => {
  const name = `posture-${id}`;
  const allowed = () => statementsOf(name).filter(({ Effect }) => Effect === 'Allow');
  const denied = () => statementsOf(name).filter(({ Effect }) => Effect === 'Deny');

  it("is assumed by this rule's function of the hub alone", () => {
    expect(roleNamed(name).AssumeRolePolicyDocument.Statement).toEqual([
      {
        Action: 'sts:AssumeRole',
        Effect: 'Allow',
        Principal: { AWS: 'arn:{partition}:iam::{account}:root' },
        Condition: { ArnEquals: { 'aws:PrincipalArn': `arn:{partition}:iam::{account}:role/posture-function-${id}` } },
      },
    ]);
    expect(roleNamed(name).ManagedPolicyArns).toBeUndefined();
  });

  it('may do what the rule declares, see who changed what last, read and resolve findings, and have Config rules evaluate: no more', () => {
    const pairs = (
      grants: readonly {
        readonly actions: readonly string[];
        readonly on: string | readonly string[];
        readonly condition?: object | undefined;
      }[],
    ) =>
      grants
        .flatMap(({ actions, on, condition = {} }) =>
          actions.flatMap((action) => toArray(on).map((arn) => JSON.stringify([action, arn.replace('{region}', '*'), normal(condition)]))),
        )
        .toSorted();
    const declared = pairs([
      ...grantsOf(rule, 'change'),
      {
        actions: [
          'cloudtrail:LookupEvents',
          'config:DescribeRemediationExceptions',
          'config:GetComplianceDetailsByResource',
          'config:DescribeConfigRules',
        ],
        on: '*',
      },
      ...(toArray(rule.resource).some(({ reportedIn }) => reportedIn) ? [{ actions: ['ec2:DescribeRegions'], on: '*' }] : []),
      {
        actions: ['securityhub:GetFindings', 'securityhub:BatchUpdateFindings'],
        on: 'arn:{partition}:securityhub:{region}:{account}:hub/default',
      },
      { actions: ['config:StartConfigRulesEvaluation'], on: 'arn:{partition}:config:{region}:{account}:config-rule/*' },
      // For a drill, the role asks IAM about itself alone.
      ...(rule.response
        ? [{ actions: ['iam:SimulatePrincipalPolicy'], on: `arn:{partition}:iam::{account}:role/posture-${rule.id}` }]
        : []),
    ]);
    const held = pairs(
      allowed().map(({ Action, Resource, Condition }) => ({ actions: toArray(Action ?? []), on: Resource, condition: Condition })),
    );
    expect([...new Set(held)]).toEqual([...new Set(declared)]);
  });

  it('only reads, and sets no finding, until somebody lets it write', async () => {
    const { Policies } = plainRole(readOnly(), name);
    expect(Policies).toHaveLength(1);
    const { Statement } = Policies[0].PolicyDocument as { readonly Statement: readonly Statement[] };
    expect(Statement.filter(({ Effect }) => Effect === 'Deny')).toEqual(denied());
    const actions = Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => toArray(Action ?? []));
    expect(actions.length).toBeGreaterThan(2);
    for (const action of actions) expect([action, await accessLevelOf(action)]).toEqual([action, expect.stringMatching(/^(Read|List)$/)]);
  });

  it('may set a finding to nothing but NOTIFIED and RESOLVED, change nothing of other accounts, and gain no permissions', () => {
    const declared = grantsOf(rule, 'change').flatMap(({ actions }) => actions);
    const [resolve, home, escalate, ...own] = denied();
    const [ours, ourRoles] = ['KeepOutOfOurs', 'KeepOurRoles'].map((sid) => own.find((one) => (one as { Sid?: string }).Sid === sid));
    expect(own.filter((one) => one !== ours && one !== ourRoles)).toEqual([]);
    const anyRole = toArray(rule.permissions.change).filter(({ on }) => toArray(on).includes('arn:{partition}:iam::{account}:role/*'));
    const rewriting = anyRole.flatMap(({ actions }) => actions).filter((action) => action.endsWith('RolePolicy'));
    expect([ourRoles?.Resource, toArray(ourRoles?.Action ?? [])]).toEqual(
      rewriting.length === 0 ? [undefined, []] : ['arn:{partition}:iam::{account}:role/posture-*', rewriting],
    );
    const changes = toArray(rule.permissions.change).flatMap(({ actions }) => actions);
    const lambda = changes.filter((action) => action.startsWith('lambda:'));
    expect([ours?.Resource, toArray(ours?.Action ?? [])]).toEqual(
      lambda.length === 0
        ? [undefined, []]
        : [
            [
              'control',
              'notify',
              'tickets',
              'answers',
              'dispatch',
              'reconcile',
              'requests',
              'sweep',
              'watch',
              'archive',
              'seal',
              'report',
              'rule-',
              'policy-validator',
            ].map((one) => `arn:{partition}:lambda:*:{account}:function:posture-${one}*`),
            lambda,
          ],
    );
    expect(resolve).toMatchObject({
      Action: 'securityhub:BatchUpdateFindings',
      Resource: '*',
      Condition: {
        StringNotEquals: {
          'securityhub:ASFFSyntaxPath/Workflow.Status': ['NOTIFIED', 'RESOLVED'],
          'securityhub:OCSFSyntaxPath/StatusId': ['2', '4'],
        },
      },
    });
    expect(home).toMatchObject({
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:ResourceAccount': '{account}' }, Null: { 'aws:ResourceAccount': 'false' } },
    });
    expect(toArray(home?.Action ?? []).toSorted()).toEqual(
      [...new Set(toArray(rule.permissions.change).flatMap(({ actions }) => actions))].toSorted(),
    );
    expect(escalate).toMatchObject({ Resource: '*' });
    expect(escalate).not.toHaveProperty('Condition');
    const never = toArray(escalate?.Action ?? []);
    expect(never).toContain('sts:AssumeRole');
    expect(never.filter((action) => declared.includes(action))).toEqual([]);
  });
});

describe('the accounts that the functions reach', () => {
  /** Of all rules, whose roles stand in a nested stack each service: its parameters have to be passed on. */
  const reached = (parameters: Readonly<Record<string, string>>) => {
    const made = plainResources(synthesis, parameters);
    return catalogue.map(({ id }) => {
      const { Policies } = plainRole(made, `posture-function-${id}`);
      const { Statement } = Policies[0].PolicyDocument as { readonly Statement: readonly Statement[] };
      return Statement.filter(({ Action }) => Action === 'sts:AssumeRole').map(({ Condition }) => Condition);
    });
  };

  it.each([
    ['this one alone, as long as nobody names others', {}, { 'aws:ResourceAccount': '{account}' }],
    [
      'this one and those of the list',
      { Accounts: '444455556666,777788889999' },
      { 'aws:ResourceAccount': ['{account}', '444455556666', '777788889999'] },
    ],
    ['those of the organization', { Organization: 'o-a1b2c3d4e5', Accounts: '444455556666' }, { 'aws:ResourceOrgID': 'o-a1b2c3d4e5' }],
  ])('are %s', (_, parameters, condition) => expect(reached(parameters)).toEqual(catalogue.map(() => [{ StringEquals: condition }])));
});

describe('all roles', () => {
  const roles = () => resources.filter(({ type }) => type === 'AWS::IAM::Role');

  it('have names of their own that AWS takes, and policies that fit in it', () => {
    expect(new Set(roles().map(({ name }) => name)).size).toBe(roles().length);
    const readers = ['dispatch', 'reconcile', 'sweep', 'watch'];
    const own = [
      'function-control',
      'automation',
      'function-notify',
      'policy-validator',
      ...readers.filter((name) => name !== 'watch'),
      ...readers.map((name) => `function-${name}`),
      'function-archive',
      'function-seal',
      'archive-replication',
      'auditor',
      'changes-{region}',
    ];
    const ofRules = catalogue.flatMap(({ id }) => [id, `function-${id}`]);
    expect(
      roles()
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual([...own, ...ofRules].map((name) => `posture-${name}`).toSorted());
    for (const { name = '', properties } of roles()) {
      expect(name.length).toBeLessThanOrEqual(64);
      const { Policies = [] } = properties;
      const size = Policies.map(({ PolicyDocument }: { PolicyDocument: object }) => JSON.stringify(PolicyDocument).length);
      expect(size.reduce((sum: number, each: number) => sum + each, 0)).toBeLessThanOrEqual(10_240);
      expect(properties.Description).toMatch(/^[\x20-\x7e]{1,1000}$/);
    }
  });

  it('of the validator may write its own logs and traces, and nothing else', () => {
    const allowed = statementsOf('posture-policy-validator').filter(({ Effect }) => Effect === 'Allow');
    expect(allowed).toEqual([
      allow(['logs:CreateLogStream', 'logs:PutLogEvents'], '/aws/lambda/posture-policy-validator.Arn'),
      allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*'),
    ]);
  });

  it('hold and deny actions that IAM knows, and hold none that has a wildcard', async () => {
    for (const { name = '' } of roles()) {
      for (const { Action, NotAction, Effect } of statementsOf(name)) {
        for (const action of toArray(Action ?? NotAction ?? [])) {
          const faults = await faultsOf({ action, on: ['*'] });
          expect([name, faults.filter((fault) => fault.includes('no action'))]).toEqual([name, []]);
          if (Effect === 'Allow') expect([action, NotAction]).toEqual([expect.not.stringContaining('*'), undefined]);
        }
      }
    }
  });

  it('ask for nothing that no request tells', async () => {
    const always = ['aws:ResourceAccount', 'aws:userid', 'lambda:SourceFunctionArn'];
    for (const { name = '' } of roles()) {
      for (const { Action, Condition = {} } of statementsOf(name)) {
        // AWS tells of every request whose the resource is, where it knows, who calls, and from which function; what need not be there does no harm.
        const asked = Object.entries(Condition).filter(([operator]) => !operator.endsWith('IfExists'));
        const keysAsked = asked.flatMap(([, block]) => Object.keys(block)).filter((key) => !always.includes(key));
        for (const action of toArray(Action ?? []))
          expect([name, action, await absentKeysOf(action, keysAsked)]).toEqual([name, action, []]);
      }
    }
  });

  it('can invoke of the control function only an alias that believes no event about who speaks', () => {
    const lambda = 'arn:{partition}:lambda:{region}:{account}:function:';
    const control = `${lambda}posture-control`;
    const covers = ({ Action, Resource }: Statement, action: string, arn: string) =>
      toArray(Action ?? []).includes(action) &&
      toArray(Resource)
        .map((one) => one.replace(/^(posture-[\w-]+)\.Arn/, `${lambda}$1`).replace(':lambda:*:', ':lambda:{region}:'))
        .some((pattern) => isLike(arn, pattern));
    const changing = roles()
      .flatMap(({ name = '' }) => statementsOf(name).flatMap(({ Action }) => toArray(Action ?? [])))
      .filter((action) => /^lambda:(?!Get|List)/.test(action));
    const holders = (arn: string) =>
      [...new Set(changing)].flatMap((action) =>
        roles().flatMap(({ name = '' }) => {
          const covering = statementsOf(name).filter((one) => covers(one, action, arn));
          const denied = covering.some(({ Effect, Condition }) => Effect === 'Deny' && !Condition);
          return covering.some(({ Effect }) => Effect === 'Allow') && !denied ? [`${name}: ${action}`] : [];
        }),
      );
    expect(holders(`${lambda}another`)).toContain('posture-secretsmanager-secret-rotated-in-time: lambda:InvokeFunction');
    const id = catalogue[0]?.id;
    expect(holders(`${lambda}posture-rule-${id}`).toSorted()).toEqual(
      [`function-${id}`, 'function-control', 'function-dispatch', 'function-reconcile', 'function-sweep', 'function-watch'].map(
        (name) => `posture-${name}: lambda:InvokeFunction`,
      ),
    );
    expect(holders(`${control}:automations`)).toEqual(['posture-automation: lambda:InvokeFunction']);
    for (const arn of [control, `${control}:url`, `${control}:$LATEST`, `${control}:custom-actions`, `${control}:hourly`])
      expect([arn, holders(arn)]).toEqual([arn, []]);
  });

  it('may be passed to EC2 in China, too, where it has another name', () => {
    const services = roles().flatMap(({ name = '' }) =>
      statementsOf(name).flatMap(({ Condition }) =>
        toArray(Condition?.StringEquals?.['iam:PassedToService'] ?? []).map((one) => [name, one] as const),
      ),
    );
    const to = (service: string) => services.flatMap(([name, one]) => (one === service ? [name] : []));
    expect(to('ec2.amazonaws.com').length).toBeGreaterThan(0);
    expect(to('ec2.amazonaws.com.cn')).toEqual(to('ec2.amazonaws.com'));
  });
});

/** As IAM compares text to a pattern. */
function isLike(text: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(text);
}

/** A condition block with lists throughout. */
const normal = (condition: object): object =>
  Object.fromEntries(
    Object.entries(condition).map(([operator, keys]) => [
      operator,
      Object.fromEntries(Object.entries(keys as object).map(([key, values]) => [key, toArray(values)])),
    ]),
  );
