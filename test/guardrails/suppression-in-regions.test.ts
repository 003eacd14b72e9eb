import { otherRegions } from '../../functions/facts/other-regions';
import { suppressionOf } from '../../functions/facts/suppression';
import encryption from '../../rules/ec2/ebs-encryption-by-default';
import { everyRegion } from '../../rules/every-region';
import passwords from '../../rules/iam/password-policy-strong';
import type { Aws, AwsCommand, ReportedIn, Resource, ResourceKind, Rule } from '../../rules/rule';
import { securityHubImported } from '../events/security-hub';
import { badBucket } from './bucket';
import { type Central, plantedRule, unbounded, useCentral } from './central';
import { travelFrom } from './travel';

const { open } = useCentral();
const fix = { ...unbounded, modes: { default: 'fix' } };
const asking = ['GetFindings', 'DescribeRemediationExceptions', 'DescribeRegions'];

/** The operations and Regions in which it was asked what people said. */
const asked = ({ emulator }: Central) =>
  emulator.gateway.calls.filter(({ operation }) => asking.includes(operation)).map(({ operation, region }) => `${operation} ${region}`);

/** Somebody has suppressed the finding of a setting of the account in that Region. */
function suppress({ emulator, account: { account } }: Central, control: string, region: string): void {
  emulator.gateway.securityHub.seed(
    { account, region },
    {
      Id: `arn:aws:securityhub:${region}:${account}:security-control/${control}/finding/of-the-account`,
      ProductArn: `arn:aws:securityhub:${region}::product/aws/securityhub`,
      Workflow: { Status: 'SUPPRESSED' },
      Compliance: { SecurityControlId: control },
      Resources: [{ Id: `AWS::::Account:${account}`, Type: 'AwsAccount' }],
    },
  );
}

const report = (central: Central, rule: Rule, control: string) => {
  const { account } = central.account;
  const resource = { type: 'AWS::::Account', arn: `AWS::::Account:${account}` };
  return central.send(securityHubImported({ control, resource, account, firstObservedAt: central.clock.now().toISOString() }), rule);
};

describe('what people said about a resource that is reported in its own Region alone', () => {
  it('costs two calls, in that Region, for a bucket', async () => {
    const central = await open();
    await central.deploy(fix);
    const bucket = await badBucket(central.account);
    central.emulator.gateway.clear();
    expect(await central.find(bucket)).toMatchObject({ outcome: 'fixed' });
    expect(asked(central)).toEqual(['GetFindings eu-west-1', 'DescribeRemediationExceptions eu-west-1']);
  });

  it('does not exempt a setting that each Region has, if it was said in another', async () => {
    const rule = encryption as unknown as Rule;
    const central = await open({ rules: [rule] });
    await central.deploy({ ...unbounded, modes: { clauses: [{ mode: 'fix', rules: [rule.id] }] } });
    suppress(central, 'EC2.7', 'us-east-1');
    expect((await report(central, rule, 'EC2.7')).results).toMatchObject([{ outcome: 'fixed' }]);
  });

  it('exempts a setting that each Region has, if it was said in this one', async () => {
    const rule = encryption as unknown as Rule;
    const central = await open({ rules: [rule] });
    await central.deploy({ ...unbounded, modes: { clauses: [{ mode: 'fix', rules: [rule.id] }] } });
    suppress(central, 'EC2.7', 'eu-west-1');
    expect((await report(central, rule, 'EC2.7')).results).toMatchObject([{ outcome: 'suppressed' }]);
  });
});

describe('what people said about a setting that is reported in every Region', () => {
  const rule = passwords as unknown as Rule;

  it('exempts it, wherever it was said', async () => {
    const central = await open({ rules: [rule] });
    await central.deploy(fix);
    suppress(central, 'IAM.15', 'us-east-1');
    expect((await report(central, rule, 'IAM.15')).results).toMatchObject([{ outcome: 'suppressed' }]);
  });

  it('is asked in each, and the list of Regions once an hour', async () => {
    const central = await open({ rules: [rule] });
    await central.deploy({ ...unbounded, modes: { default: 'ask' } });
    central.emulator.gateway.clear();
    await report(central, rule, 'IAM.15');
    const first = asked(central);
    expect(new Set(first).size).toBe(first.length);
    expect(first.filter((call) => call.startsWith('GetFindings')).length).toBeGreaterThan(10);
    expect(first).toContain('DescribeRemediationExceptions us-east-1');
    central.emulator.gateway.clear();
    await report(central, rule, 'IAM.7');
    expect(asked(central).toSorted()).toEqual(first.filter((call) => !call.startsWith('DescribeRegions')).toSorted());
  });
});

describe('the Regions of an account', () => {
  const regions = ['eu-west-1', 'us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'eu-north-1', 'eu-central-1', 'sa-east-1'];
  const resource: Resource = {
    type: 'AWS::IAM::User',
    id: 'ada',
    arn: 'arn:aws:iam::111122223333:user/ada',
    partition: 'aws',
    account: '111122223333',
    region: 'eu-west-1',
  };
  const list = (regionsOf: () => Promise<readonly string[]>): ReportedIn => ({ ...everyRegion, regions: regionsOf });
  const silent: Aws = { send: async () => ({}) as never };

  it('are asked at most four at a time, each by two calls at once', async () => {
    let underWay = 0;
    let most = 0;
    const slow: Aws = {
      async send<Output>(_: AwsCommand<Output>) {
        underWay += 1;
        most = Math.max(most, underWay);
        await new Promise((resolve) => setTimeout(resolve, 2));
        underWay -= 1;
        return {} as Output;
      },
    };
    const reportedIn = list(async () => regions);
    const kind: ResourceKind = { type: resource.type, arn: 'arn:{partition}:iam::{account}:user/{id}', scope: 'global', reportedIn };
    const sought = {
      rule: plantedRule,
      finding: { id: 'a finding', source: 'security-hub' as const, resource: { kind, reported: { arn: resource.arn } } },
      resource,
      now: new Date(0),
      asksV2: false,
    };
    const elsewhere = otherRegions(() => slow, { now: () => sought.now });
    expect(await suppressionOf(sought, { aws: slow, otherRegions: elsewhere })).toBeUndefined();
    expect(most).toBe(2 * 4);
  });

  it('are listed once an hour for each account, and again after an error', async () => {
    const clock = travelFrom('2026-11-24T12:00:00.000Z');
    const answers: (readonly string[] | Error)[] = [new Error('busy'), regions, [...regions, 'ap-east-1'], ['eu-west-1', 'us-east-1']];
    const reportedIn = list(async () => {
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer ?? [];
    });
    const elsewhere = otherRegions(() => silent, clock);
    const others = (account = resource.account) => elsewhere.of(reportedIn, { ...resource, account }, silent);
    await expect(others()).rejects.toThrow('busy');
    expect(await others()).toEqual(regions.slice(1));
    clock.pass(59 * 60);
    expect(await others()).toEqual(regions.slice(1));
    clock.pass(2 * 60);
    expect(await others()).toEqual([...regions.slice(1), 'ap-east-1']);
    expect(await others('444455556666')).toEqual(['us-east-1']);
  });
});
