import { arnOf, idIn, parseArn } from '../../functions/aws/arn';
import { secret } from '../../rules/secretsmanager/secret/resource';
import { ends } from '../ends';
import { home, resources } from '../events/resources';
import { kinds } from '../sources/sought';

const names = Object.keys(kinds) as (keyof typeof kinds)[];
const china = { partition: 'aws-cn', account: '444455556666', region: 'cn-north-1' };

test('an ARN has five parts after its first', () => {
  expect(parseArn('arn:aws-cn:rds:cn-north-1:444455556666:snapshot:rds:orders')).toEqual({
    partition: 'aws-cn',
    service: 'rds',
    region: 'cn-north-1',
    account: '444455556666',
    resource: 'snapshot:rds:orders',
  });
  expect(parseArn('arn:aws:s3:::invoices')).toEqual({ partition: 'aws', service: 's3', region: '', account: '', resource: 'invoices' });
});

test('the last part of an ARN can have spaces in it, as the names of alarms and of applications can', () => {
  const { resource } = parseArn('arn:aws:elasticbeanstalk:eu-west-1:111122223333:environment/My App/MyEnvironment') ?? {};
  expect(resource).toBe('environment/My App/MyEnvironment');
});

test.each([
  ['nothing', ''],
  ['a name', 'invoices'],
  ['too few parts', 'arn:aws:s3::invoices'],
  ['no resource', 'arn:aws:s3:::'],
  ['no region where one stands', 'arn:aws:ec2:moon:111122223333:vpc/vpc-1'],
  ['the start of another scheme', 'arn:azure:ec2:eu-west-1:111122223333:vpc/vpc-1'],
  ['an account id of 11 digits', 'arn:aws:ec2:eu-west-1:11112222333:vpc/vpc-1'],
  ['a wildcard for an account', 'arn:aws:ec2:eu-west-1:*:vpc/vpc-1'],
  ['a space in another part', 'arn:aws:s3 :::invoices'],
  ['a line break before its last part', 'arn:aws:s3::\n:invoices'],
  ['half a character', 'arn:aws:s3:::invoices\ud83d'],
  ['something before it', ' arn:aws:s3:::invoices'],
  ['2,049 characters', `arn:aws:s3:::${'x'.repeat(2049 - 13)}`],
])('what has %s is not an ARN', (_, text) => {
  expect(parseArn(text)).toBeUndefined();
});

test.each(names)('the id of the %s is found in its ARN, which can be built from it', (name) => {
  const { arn } = resources()[name];
  const id = idIn(kinds[name], home, arn);
  const last = arn.split(/[:/]/).at(-1);
  expect(id).toBe(last);
  expect(arnOf(kinds[name], home, id ?? '')).toBe(name === 'user' ? undefined : arn);
  expect(idIn(kinds[name], china, resources(china)[name].arn)).toBe(
    name === 'account' ? china.account : id?.replace(home.account, china.account),
  );
});

test.each(names.filter((name) => name !== 'bucket' && name !== 'snapshot'))('the ARN of a %s of another account has no id', (name) => {
  expect(idIn(kinds[name], home, resources({ ...home, account: '999999999999' })[name].arn)).toBeUndefined();
});

test.each(names.filter((name) => name !== 'account'))('the ARN of a %s of another partition has no id', (name) => {
  expect(idIn(kinds[name], home, resources(china)[name].arn)).toBeUndefined();
});

test.each(names)('the ARN of a %s is that of no other kind', (name) => {
  const { arn } = resources()[name];
  expect(names.filter((other) => idIn(kinds[other], home, arn) !== undefined)).toEqual([name]);
});

test.each([
  ['bucket', 'arn:aws:s3:::invoices/2026/march.pdf'],
  ['bucket', 'arn:aws:s3:::invoices:other'],
  ['bucket', 'arn:aws:s3:::*'],
  ['bucket', 'arn:aws:s3:::..'],
  ['bucket', 'arn:aws:s3:::invoices?x=1'],
  ['bucket', 'arn:aws:s3:::{id}'],
  ['bucket', 'arnXawsXs3XXXinvoices'],
  ['lambdaFunction', 'arn:aws:lambda:eu-west-1:111122223333:function:resize-images:PROD'],
  ['lambdaFunction', 'arn:aws:lambda:eu-west-1:111122223333:function:resize-images:$LATEST'],
  ['user', 'arn:aws:iam::111122223333:user/'],
  ['user', 'arn:aws:iam::111122223333:user//jane'],
  ['user', 'arn:aws:iam::111122223333:user/finance/'],
  ['account', 'AWS::::Account:999999999999'],
  ['account', 'arn:aws:iam::111122223333:root'],
  ['databaseSnapshot', 'arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:ledger'],
  ['securityGroup', 'arn:aws:ec2:us-east-1:111122223333:security-group/sg-0a1b2c3d4e5f60718'],
] as const)('the id of a %s is not found in %s', (name, arn) => {
  expect(idIn(kinds[name], home, arn)).toBeUndefined();
});

test('an IAM user is found without a path, too', () => {
  expect(idIn(kinds.user, home, 'arn:aws:iam::111122223333:user/jane.doe')).toBe('jane.doe');
});

test('a secret that a service made in Secrets Manager is found, with the exclamation mark of its name', () => {
  for (const name of ['rds!db-702fbf4e-f548-4cb2-a58f-09615edce450-kjNpyM', 'events!connection/orders/0b2c-Zx81qP']) {
    const arn = `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}`;
    expect(idIn(secret, home, arn)).toBe(name.split('/').at(-1));
  }
});

test.each(['', 'a/b', 'a:b', 'a b', '*', '..', '$&', 'x'.repeat(257), 'naïve', 'invoісes', 'a\n'])(
  'no ARN is built from the id %j',
  (id) => {
    expect(arnOf(kinds.bucket, home, id)).toBeUndefined();
  },
);

test('no ARN is built from the id of another account', () => {
  expect(arnOf(kinds.account, home, '999999999999')).toBeUndefined();
});

test('a template with a placeholder that nobody knows matches nothing', () => {
  expect(idIn({ arn: 'arn:{partition}:s3:::{bucket}' }, home, 'arn:aws:s3:::invoices')).toBeUndefined();
});

test('a dot in a template is a dot', () => {
  const rule = { arn: 'arn:{partition}:config:{region}:{account}:config-rule/aws-service-rule/securityhub.amazonaws.com/{id}' };
  const arn = 'arn:aws:config:eu-west-1:111122223333:config-rule/aws-service-rule/securityhub.amazonaws.com/config-rule-1';
  expect(idIn(rule, home, arn)).toBe('config-rule-1');
  expect(idIn(rule, home, arn.replace('hub.amazon', 'hub-amazon'))).toBeUndefined();
});

test('a long path does not take long', () => {
  for (const path of ['a/'.repeat(1000), `${'a/'.repeat(1e6)}x`])
    expect(ends(() => idIn(kinds.user, home, `arn:aws:iam::111122223333:user/${path}`))).toBeUndefined();
});

describe('an ARN with more in it than an id', () => {
  const balancer = { arn: 'arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/app/{name}/{id}' };
  const group = { arn: 'arn:{partition}:logs:{region}:{account}:log-group:{slashedId}' };
  const at = `${home.region}:${home.account}`;

  it('has its id after the name', () => {
    expect(idIn(balancer, home, `arn:aws:elasticloadbalancing:${at}:loadbalancer/app/shop/50dc6c49`)).toBe('50dc6c49');
    expect(idIn(balancer, home, `arn:aws:elasticloadbalancing:${at}:loadbalancer/net/shop/50dc6c49`)).toBeUndefined();
    expect(arnOf(balancer, home, '50dc6c49')).toBeUndefined();
  });

  it('has an id with slashes, where that is the name', () => {
    expect(idIn(group, home, `arn:aws:logs:${at}:log-group:/aws/lambda/shop`)).toBe('/aws/lambda/shop');
    expect(arnOf(group, home, 'plain')).toBe(`arn:aws:logs:${at}:log-group:plain`);
    expect(['/aws/../shop', 'a//b', '/a/', 'a:*', '/', '..'].map((id) => arnOf(group, home, id))).toEqual(Array(6).fill(undefined));
  });

  it('has an id with anything in it, where names are free, but for breaks', () => {
    const alarm = { arn: 'arn:{partition}:cloudwatch:{region}:{account}:alarm:{freeId}' };
    expect(idIn(alarm, home, `arn:aws:cloudwatch:${at}:alarm:CPU > 90 % (db/1): high`)).toBe('CPU > 90 % (db/1): high');
    expect(arnOf(alarm, home, 'a: b')).toBe(`arn:aws:cloudwatch:${at}:alarm:a: b`);
    expect(arnOf(alarm, home, 'naïve 🚨 警報')).toBe(`arn:aws:cloudwatch:${at}:alarm:naïve 🚨 警報`);
    const strange = ['', 'a\nb', 'a\ud83d', 'a/../b', 'x'.repeat(256), 'arn:aws:sqs:eu-west-1::queue'];
    expect(strange.map((id) => arnOf(alarm, home, id))).toEqual(Array(6).fill(undefined));
  });

  it('has a name with anything in it before the id, but for what separates them', () => {
    const environment = { arn: 'arn:{partition}:elasticbeanstalk:{region}:{account}:environment/{freeName}/{id}' };
    const of = (name: string) => idIn(environment, home, `arn:aws:elasticbeanstalk:${at}:environment/${name}/prod`);
    expect(['My App (2)!', 'a:b', 'Überweisung 支払い'].map(of)).toEqual(Array(3).fill('prod'));
    expect(['', 'a/b', 'a\nb', '..', 'x'.repeat(257)].map(of)).toEqual(Array(5).fill(undefined));
    expect(arnOf(environment, home, 'prod')).toBeUndefined();
  });

  it('has a path that can begin with a slash, where that may stand there', () => {
    const secret = { arn: 'arn:{partition}:secretsmanager:{region}:{account}:secret:{slash}{path}{id}' };
    const of = (name: string) => idIn(secret, home, `arn:aws:secretsmanager:${at}:secret:${name}`);
    expect(['a-1', 'shop/a-1', '/a-1', '/shop/eu/a-1', 'shop//a-1'].map(of)).toEqual(Array(5).fill('a-1'));
    expect(['//a-1', '/shop/', '/shop/../a-1', './a-1'].map(of)).toEqual(Array(4).fill(undefined));
    expect(arnOf(secret, home, 'a-1')).toBeUndefined();
  });

  it('is followed by a wildcard, or not', () => {
    const wide = { arn: `${group.arn}{wildcard}` };
    expect(idIn(wide, home, `arn:aws:logs:${at}:log-group:/shop#1:*`)).toBe('/shop#1');
    expect(idIn(wide, home, `arn:aws:logs:${at}:log-group:/shop#1`)).toBe('/shop#1');
    expect(idIn(wide, home, `arn:aws:logs:${at}:log-group:/shop:**`)).toBeUndefined();
    expect(arnOf(wide, home, '/shop')).toBe(`arn:aws:logs:${at}:log-group:/shop`);
  });
});
