import { loadRules } from '../../functions/catalogue/catalogue';
import { keys } from '../../functions/coordination/keys';
import { leaseKey } from '../../functions/coordination/lease-key';
import { toArray } from '../../rules/rule';
import { grantsOf } from '../contract/grants';
import { exampleOf } from '../events/of-rule';
import { absentKeysOf, faultsOf } from './iam-action';
import { type PlainResource, plainResources } from './plain';
import { synthesized, temporaryFolder } from './synthesized';

const outdir = temporaryFolder('roles');
const catalogue = loadRules().map(({ rule }) => rule);
const rules = catalogue.map((rule) => [rule.id, rule] as const);

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

let resources: readonly PlainResource[] = [];
beforeAll(async () => {
  resources = plainResources(await synthesized(outdir));
});

const roleNamed = (name: string) => resources.find(({ type, name: own }) => type === 'AWS::IAM::Role' && own === name)?.properties;
const statementsOf = (name: string): readonly Statement[] => {
  const { Policies } = roleNamed(name);
  expect(Policies).toHaveLength(1);
  return Policies[0].PolicyDocument.Statement;
};
const allow = (Action: string | readonly string[], Resource: string, Condition?: object) => ({
  Action,
  Effect: 'Allow',
  Resource,
  ...(Condition && { Condition }),
});

describe.each(rules)('the function of %s', (id, rule) => {
  it('has a role that Lambda alone assumes, without managed policies', () => {
    const { AssumeRolePolicyDocument, ManagedPolicyArns } = roleNamed(`posture-function-${id}`);
    expect(AssumeRolePolicyDocument.Statement).toEqual([
      { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } },
    ]);
    expect(ManagedPolicyArns).toBeUndefined();
  });

  it('may read the policy, append to the log, coordinate, assume its member role, come again, and tell: no more', () => {
    const on = (action: string, patterns: unknown) =>
      allow(`dynamodb:${action}`, 'posture-coordination.Arn', { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': patterns } });
    const leases = expect.arrayContaining([expect.stringMatching(/^lease /), `breaker ${id}`, `fixes ${id} *`, 'count *']);
    expect(statementsOf(`posture-function-${id}`)).toEqual([
      allow(['dynamodb:PutItem', 'dynamodb:Query'], 'posture-log.Arn'),
      on('UpdateItem', leases),
      on('PutItem', ['cooldown *', `hold ${id} *`, `ask ${id} *`, `permit ${id} *`, `turn ${id} *`]),
      on('GetItem', ['rollback *', `turn ${id} *`, `handed-on ${id} *`]),
      on('DeleteItem', [`ask ${id} *`, 'rollback *']),
      on('ConditionCheckItem', ['stop', `breaker ${id}`, 'approval *']),
      on('BatchGetItem', ['stop', `breaker ${id}`, `hold ${id} *`, `fixes ${id} *`, `ask ${id} *`, 'approval *', 'count *', 'queue all *', 'queue account *', `queue rule ${id} *`]),
      allow('organizations:ListParents', '*'),
      allow(
        ['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'],
        'arn:{partition}:appconfig:{region}:{account}:application/posture.Ref/environment/posture.Ref/configuration/posture.Ref',
      ),
      allow('sts:AssumeRole', `arn:{partition}:iam::*:role/posture-${id}`),
      allow('scheduler:CreateSchedule', `arn:{partition}:scheduler:{region}:{account}:schedule/posture/${id}-????????????????`),
      allow('lambda:InvokeFunction', `arn:{partition}:lambda:{region}:{account}:function:posture-${id}`),
      allow('iam:PassRole', `posture-schedule-${id}.Arn`, { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } }),
      allow('events:PutEvents', 'arn:{partition}:events:{region}:{account}:event-bus/posture'),
      allow('sqs:SendMessage', 'posture-failed.Arn'),
      allow(['logs:CreateLogStream', 'logs:PutLogEvents'], `/aws/lambda/posture-${id}.Arn`),
      allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*'),
    ]);
  });

  it('may take the leases of its own sorts of resources', () => {
    const { 'dynamodb:LeadingKeys': patterns = [] } =
      statementsOf(`posture-function-${id}`)[1]?.Condition?.['ForAllValues:StringLike'] ?? {};
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
        ({ Action, Resource }) => Resource === 'posture-coordination.Arn' && toArray(Action).some((action) => writing.includes(action)),
      )
      .flatMap(({ Condition }) => toArray(Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] ?? []));
    const arn = 'arn:aws:s3:::b';
    const others = [keys.stop, keys.approval('r'), keys.rollback('r')];
    const foreign = [
      keys.breaker('other'),
      keys.hold('other', arn),
      keys.fixes('other', arn),
      keys.ask('other', arn),
      keys.permit('other', 'r p'),
    ];
    const longer = [keys.breaker(`${id}-too`), keys.hold(`${id}-too`, arn), keys.fixes(`${id}-too`, arn), keys.permit(`${id}-too`, 'r p')];
    for (const key of [...others, ...foreign, ...longer]) expect([key, written.filter((one) => isLike(key, one))]).toEqual([key, []]);
  });

  it('is invoked again by a role of EventBridge Scheduler that can invoke nothing else', () => {
    const { AssumeRolePolicyDocument } = roleNamed(`posture-schedule-${id}`);
    expect(AssumeRolePolicyDocument.Statement).toEqual([
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
    expect(statementsOf(`posture-schedule-${id}`)).toEqual([
      allow('lambda:InvokeFunction', `arn:{partition}:lambda:{region}:{account}:function:posture-${id}`),
      allow('sqs:SendMessage', 'posture-undelivered.Arn'),
    ]);
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
      { actions: ['cloudtrail:LookupEvents', 'config:DescribeRemediationExceptions'], on: '*' },
      ...(toArray(rule.resource).some(({ scope }) => scope === 'global') ? [{ actions: ['ec2:DescribeRegions'], on: '*' }] : []),
      {
        actions: ['securityhub:GetFindings', 'securityhub:BatchUpdateFindings'],
        on: 'arn:{partition}:securityhub:{region}:{account}:hub/default',
      },
      { actions: ['config:StartConfigRulesEvaluation'], on: 'arn:{partition}:config:{region}:{account}:config-rule/*' },
    ]);
    const held = pairs(
      allowed().map(({ Action, Resource, Condition }) => ({ actions: toArray(Action), on: Resource, condition: Condition })),
    );
    expect([...new Set(held)]).toEqual([...new Set(declared)]);
  });

  it('may set a finding to nothing but RESOLVED, change nothing of other accounts, and gain no permissions', () => {
    const declared = grantsOf(rule, 'change').flatMap(({ actions }) => actions);
    const [resolve, home, escalate, ...others] = denied();
    expect(others).toEqual([]);
    expect(resolve).toMatchObject({
      Action: 'securityhub:BatchUpdateFindings',
      Resource: '*',
      Condition: { StringNotEquals: { 'securityhub:ASFFSyntaxPath/Workflow.Status': 'RESOLVED' } },
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

describe('all roles', () => {
  const roles = () => resources.filter(({ type }) => type === 'AWS::IAM::Role');

  it('have names of their own that AWS takes, and policies that fit in it', () => {
    expect(new Set(roles().map(({ name }) => name)).size).toBe(roles().length);
    const own = ['function-control', 'automation', 'function-notify', 'schedule-notify', 'policy-validator'];
    const ofRules = catalogue.flatMap(({ id }) => [id, `function-${id}`, `schedule-${id}`]);
    expect(
      roles()
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual([...own, ...ofRules].map((name) => `posture-${name}`).toSorted());
    for (const { name = '', properties } of roles()) {
      expect(name.length).toBeLessThanOrEqual(64);
      const size = properties.Policies.map(({ PolicyDocument }: { PolicyDocument: object }) => JSON.stringify(PolicyDocument).length);
      expect(size.reduce((sum: number, each: number) => sum + each, 0)).toBeLessThanOrEqual(10_240);
      expect(properties.Description).toMatch(/^[\x20-\x7e]{1,1000}$/);
    }
  });

  it('hold and deny actions that IAM knows, and hold none that has a wildcard', async () => {
    for (const { name = '' } of roles()) {
      for (const { Action, Effect } of statementsOf(name)) {
        for (const action of toArray(Action)) {
          const faults = await faultsOf({ action, on: ['*'] });
          expect([name, faults.filter((fault) => fault.includes('no action'))]).toEqual([name, []]);
          if (Effect === 'Allow') expect(action).not.toContain('*');
        }
      }
    }
  });

  it('ask for nothing that no request tells', async () => {
    for (const { name = '' } of roles()) {
      for (const { Action, Condition = {} } of statementsOf(name)) {
        // AWS tells of every request whose the resource is, where it knows; what need not be there does no harm.
        const asked = Object.entries(Condition).filter(([operator]) => !operator.endsWith('IfExists'));
        const keysAsked = asked.flatMap(([, block]) => Object.keys(block)).filter((key) => key !== 'aws:ResourceAccount');
        for (const action of toArray(Action)) expect([name, action, await absentKeysOf(action, keysAsked)]).toEqual([name, action, []]);
      }
    }
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
