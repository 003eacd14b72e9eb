import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
  type IpPermission,
  type SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import {
  type Action,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DescribeListenersCommand,
  DescribeRulesCommand,
  ModifyListenerCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient, UploadServerCertificateCommand } from '@aws-sdk/client-iam';
import { isChanges } from '../../../functions/plan/change';
import { missingAt, readAdmissions } from '../../../rules/elb/load-balancer/admission';
import { loadBalancer } from '../../../rules/elb/load-balancer/resource';
import rule from '../../../rules/elb/load-balancer-http-redirected';
import { type Aws, type Json, notFound } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import * as fc from '../../fast-check';

const refusal: Action = { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404', ContentType: 'text/plain' } };
const toHttps = { Protocol: 'HTTPS', Port: '443', Host: '#{host}', Path: '/#{path}', Query: '#{query}', StatusCode: 'HTTP_302' } as const;
const redirect = (config: object): Action => ({ Type: 'redirect', RedirectConfig: { ...toHttps, ...config } });

describeRule(rule, {
  clients: [EC2Client, IAMClient],
  violations: {
    'an HTTP listener that forwards, with a rule before': {
      seed: async (world) => {
        const { arn, web, listen } = await balancer(world);
        const http = await listen('HTTP', 80, web);
        await listen('HTTPS', 443, web);
        await world.send(
          new CreateRuleCommand({
            ListenerArn: http,
            Priority: 1,
            Conditions: [{ Field: 'path-pattern', Values: ['/.well-known/acme-challenge/*'] }],
            Actions: [web],
          }),
        );
        return arn;
      },
      async fixed(world, arn) {
        const [http] = await listenersOf(world, arn);
        expect(http?.DefaultActions).toMatchObject([{ Type: 'redirect', RedirectConfig: toHttps }]);
        const { Rules = [] } = await world.send(new DescribeRulesCommand({ ListenerArn: http?.ListenerArn }));
        expect(Rules.find(({ Priority }) => Priority === '1')?.Actions).toMatchObject([{ Type: 'forward' }]);
      },
    },
    'two HTTP listeners, one of which somebody changes before the rollback': {
      seed: async (world) => {
        const { arn, web, admin, listen } = await balancer(world);
        await listen('HTTP', 80, web);
        await listen('HTTP', 8080, admin);
        await listen('HTTPS', 443, web);
        await listen('HTTPS', 8443, admin);
        return arn;
      },
      parameters: { statusCode: 'HTTP_301' },
      async fixed(world, arn) {
        const shown = (await listenersOf(world, arn)).map(({ DefaultActions }) => DefaultActions?.[0]?.RedirectConfig);
        expect(shown).toMatchObject([{ Port: '443', StatusCode: 'HTTP_301' }, { Port: '8443', StatusCode: 'HTTP_301' }, {}, {}]);
      },
      meanwhile: async (world, arn) => {
        const [http] = await listenersOf(world, arn);
        await world.send(new ModifyListenerCommand({ ListenerArn: http?.ListenerArn, DefaultActions: [refusal] }));
      },
      async rolledBack(world, arn) {
        const shown = (await listenersOf(world, arn)).map(({ DefaultActions }) => DefaultActions?.[0]?.Type);
        expect(shown).toEqual(['fixed-response', 'forward', 'forward', 'forward']);
      },
    },
    'an HTTP listener that answers by itself': {
      seed: async (world) => {
        const { arn, web, listen } = await balancer(world);
        await listen('HTTP', 8080, refusal);
        await listen('HTTPS', 8443, web);
        return arn;
      },
      fixed: async (world, arn) => {
        const [http] = await listenersOf(world, arn);
        expect(http?.DefaultActions).toMatchObject([{ RedirectConfig: { ...toHttps, Port: '8443' } }]);
      },
    },
    'an HTTP listener that redirects to HTTP': {
      seed: async (world) => {
        const { arn, web, listen } = await balancer(world);
        await listen('HTTP', 80, redirect({ Protocol: '#{protocol}', Port: '8080', Path: '/shop/#{path}', StatusCode: 'HTTP_301' }));
        await listen('HTTPS', 443, web);
        return arn;
      },
      fixed: async (world, arn) => {
        const [http] = await listenersOf(world, arn);
        expect(http?.DefaultActions).toMatchObject([{ RedirectConfig: { ...toHttps, Path: '/shop/#{path}', StatusCode: 'HTTP_301' } }]);
      },
    },
    'a load balancer that lets in the same to both ports, by two security groups': {
      seed: async (world) => {
        const { arn, web, listen } = await balancer(world, [[tcp(80, '0.0.0.0/0', '::/0')], [tcp(443, '0.0.0.0/0', '::/0')]]);
        await listen('HTTP', 80, web);
        await listen('HTTPS', 443, web);
        return arn;
      },
    },
  },
  compliant: {
    'a load balancer that redirects to HTTPS': {
      seed: async (world) => {
        const { arn, web, listen } = await balancer(world);
        await listen('HTTP', 80, redirect({ Host: 'www.example.com' }));
        await listen('HTTPS', 443, web);
        return arn;
      },
    },
    'a load balancer with HTTPS alone': {
      seed: async (world) => {
        const { arn, web, listen } = await balancer(world);
        await listen('HTTPS', 443, web);
        return arn;
      },
    },
    'a load balancer without listeners': { seed: async (world) => (await balancer(world)).arn },
  },
  obstacles: {
    'a load balancer without an HTTPS listener': {
      seed: async (world) => {
        const { arn, web, listen } = await balancer(world);
        await listen('HTTP', 80, web);
        return arn;
      },
      outcome: 'unfixable',
      reason: /no HTTPS listener to redirect to/,
    },
    'an HTTP listener on another port that serves something else': {
      seed: async (world) => {
        const { arn, web, admin, listen } = await balancer(world);
        await listen('HTTP', 80, web);
        await listen('HTTP', 8080, admin);
        await listen('HTTPS', 443, web);
        return arn;
      },
      outcome: 'unfixable',
      reason: /same targets as the HTTP listener on port 8080/,
    },
    'an HTTP listener that redirects to another host over HTTP': {
      seed: async (world) => {
        const { arn, web, listen } = await balancer(world);
        await listen('HTTP', 80, redirect({ Protocol: 'HTTP', Host: 'old.example.com' }));
        await listen('HTTPS', 443, web);
        return arn;
      },
      outcome: 'unfixable',
      reason: /redirects to old\.example\.com/,
    },
    'a load balancer whose security groups let in less to the HTTPS listener': {
      seed: async (world) => {
        const { arn, web, listen } = await balancer(world, [[tcp(80, '0.0.0.0/0', '10.0.0.0/8')], [tcp(443, '10.0.0.0/8')]]);
        await listen('HTTP', 80, web);
        await listen('HTTPS', 443, web);
        return arn;
      },
      outcome: 'unfixable',
      reason: /allow 0\.0\.0\.0\/0 on port 80, but not on port 443\./,
    },
  },
  missing: 'app/no-such-load-balancer/50dc6c495c0c9188',
});

const tcp = (port: number, ...sources: readonly string[]): IpPermission => ({
  IpProtocol: 'tcp',
  FromPort: port,
  ToPort: port,
  IpRanges: sources.filter((cidr) => !cidr.includes(':')).map((CidrIp) => ({ CidrIp })),
  Ipv6Ranges: sources.filter((cidr) => cidr.includes(':')).map((CidrIpv6) => ({ CidrIpv6 })),
});

/** A load balancer with a security group for each of these, actions to forward to two target groups, and a way to make listeners. */
async function balancer(world: World, groups: readonly (readonly IpPermission[])[] = []) {
  const { Vpc } = await world.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const Subnets: string[] = [];
  for (const [index, zone] of ['a', 'b'].entries()) {
    const place = { CidrBlock: `10.0.${index}.0/24`, AvailabilityZone: `${world.region}${zone}` };
    const { Subnet } = await world.send(new CreateSubnetCommand({ VpcId: Vpc?.VpcId, ...place }));
    Subnets.push(Subnet?.SubnetId ?? '');
  }
  const SecurityGroups: string[] = [];
  for (const [index, permissions] of groups.entries()) {
    const naming = { GroupName: `web-${index}`, Description: 'Web clients' };
    const { GroupId = '' } = await world.send(new CreateSecurityGroupCommand({ ...naming, VpcId: Vpc?.VpcId }));
    await world.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [...permissions] }));
    SecurityGroups.push(GroupId);
  }
  const making = { Name: 'web', Subnets, Type: 'application' as const, SecurityGroups };
  const { LoadBalancers = [] } = await world.send(new CreateLoadBalancerCommand(making));
  const arn = LoadBalancers[0]?.LoadBalancerArn ?? '';
  const forward = async (Name: string): Promise<Action> => {
    const { TargetGroups = [] } = await world.send(new CreateTargetGroupCommand({ Name, Protocol: 'HTTP', Port: 80, VpcId: Vpc?.VpcId }));
    return { Type: 'forward', TargetGroupArn: TargetGroups[0]?.TargetGroupArn };
  };
  const { ServerCertificateMetadata } = await world.send(
    new UploadServerCertificateCommand({ ServerCertificateName: 'web', CertificateBody: 'only-for-tests', PrivateKey: 'only-for-tests' }),
  );
  const listen = async (Protocol: 'HTTP' | 'HTTPS', Port: number, action: Action): Promise<string> => {
    const Certificates = [{ CertificateArn: ServerCertificateMetadata?.Arn }];
    const { Listeners = [] } = await world.send(
      new CreateListenerCommand({
        LoadBalancerArn: arn,
        Protocol,
        Port,
        DefaultActions: [action],
        ...(Protocol === 'HTTPS' && { Certificates }),
      }),
    );
    return Listeners[0]?.ListenerArn ?? '';
  };
  return { arn, web: await forward('web'), admin: await forward('admin'), listen };
}

/** By protocol and port. */
async function listenersOf(world: World, LoadBalancerArn: string) {
  const { Listeners = [] } = await world.send(new DescribeListenersCommand({ LoadBalancerArn }));
  return Listeners.sort((a, b) => `${a.Protocol} ${a.Port}`.localeCompare(`${b.Protocol} ${b.Port}`));
}

const arn = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188';
const resource = {
  type: loadBalancer.type,
  id: 'app/web/50dc6c495c0c9188',
  arn,
  partition: 'aws',
  account: '123456789012',
  region: 'eu-west-1',
};

it('reads all pages of listeners and of load balancers, but those of other types', async () => {
  const page = (name: string, Type: string) => ({
    LoadBalancers: [{ LoadBalancerArn: name, Type }],
    Listeners: [{ ListenerArn: name, Protocol: 'HTTP', Port: 80, DefaultActions: [refusal] }],
  });
  const send = async ({ input }: { input: { Marker?: string } }) =>
    input.Marker ? page('a', 'network') : { ...page('b', 'application'), NextMarker: 'more' };
  const aws = { send } as unknown as Aws;
  const http = ['a', 'b'].map((name) => ({ arn: name, port: 80, actions: [refusal] }));
  expect(await rule.inspect(resource, aws)).toEqual({ http, https: [] });
  expect(await rule.list?.(resource, aws)).toEqual(['b']);
});

it('sees no HTTP in a load balancer of another type, and none where there is no load balancer', async () => {
  const answering = (LoadBalancers: object[]) => ({ send: async () => ({ LoadBalancers }) }) as unknown as Aws;
  expect(await rule.inspect(resource, answering([{ Type: 'network' }]))).toEqual({ http: [], https: [] });
  expect(await rule.inspect(resource, answering([]))).toBe(notFound);
});

it('redirects what no HTTPS listener serves to the one of port 443', () => {
  const listener = (port: number, action: Action) => ({ arn: `listener ${port}`, port, actions: [JSON.parse(JSON.stringify(action))] });
  const https = [8443, 443, 9443].map((port) => listener(port, { Type: 'forward', TargetGroupArn: `${port}` }));
  const context = { parameters: { statusCode: 'HTTP_302' as const }, detectedBy: 'ELB.1', now: new Date(0) };
  const redirecting = (from: number) => ({
    do: { input: { ListenerArn: `listener ${from}`, DefaultActions: [{ RedirectConfig: { Port: '443' } }] } },
  });
  expect(rule.plan(resource, { http: [listener(8080, refusal)], https }, context)).toMatchObject([redirecting(8080)]);
  const unknown = listener(80, { Type: 'forward', TargetGroupArn: 'other' });
  expect(rule.plan(resource, { http: [unknown], https }, context)).toMatchObject([redirecting(80)]);
});

it.each([
  [[9443, 8443, 443], '443'],
  [[9443, 8443, 10443], '8443'],
])('of several HTTPS listeners with the same targets, on ports %j, takes the one of %s', (ports, Port) => {
  const forward = JSON.parse(JSON.stringify({ Type: 'forward', TargetGroupArn: 'web' }));
  const listener = (port: number, name = 'z') => ({ arn: `listener ${name} ${port}`, port, actions: [forward] });
  const context = { parameters: { statusCode: 'HTTP_302' as const }, detectedBy: 'ELB.1', now: new Date(0) };
  // The ARN of a listener ends with a random ID.
  for (const https of [ports, ports.toReversed()].map((some) => some.map((port, index) => listener(port, `${index}`))))
    expect(rule.plan(resource, { http: [listener(8080)], https }, context)).toMatchObject([
      { do: { input: { DefaultActions: [{ RedirectConfig: { Port } }] } } },
    ]);
});

describe('of any HTTPS listeners', () => {
  const context = { parameters: { statusCode: 'HTTP_302' as const }, detectedBy: 'ELB.1', now: new Date(0) };
  const targets = fc.constantFrom('web', 'admin', 'none');
  const https = fc.uniqueArray(fc.record({ port: fc.constantFrom(443, 444, 8443, 9443, 10_443), target: targets }), {
    minLength: 1,
    maxLength: 5,
    selector: ({ port }) => port,
  });
  const actionsTo = (target: string) =>
    JSON.parse(JSON.stringify([target === 'none' ? refusal : { Type: 'forward', TargetGroupArn: target }])) as Json[];
  /** The port that the listener is redirected to; undefined if there is none. */
  function redirected(from: { readonly port: number; readonly target: string }, listeners: readonly SeenListener[]): number | undefined {
    const plan = rule.plan(
      resource,
      { http: [{ arn: 'http', port: from.port, actions: actionsTo(from.target) }], https: listeners },
      context,
    );
    if (!isChanges(plan)) return undefined;
    const { DefaultActions = [] } = (plan[0]?.do.input ?? {}) as { DefaultActions?: readonly Action[] };
    return Number(DefaultActions[0]?.RedirectConfig?.Port);
  }
  interface SeenListener {
    readonly arn: string;
    readonly port: number;
    readonly actions: Json[];
  }

  it('takes one with the same targets, then the one of port 443 or the only one, whatever their ARNs', () => {
    const names = fc.shuffledSubarray(['a', 'b', 'c', 'd', 'e'], { minLength: 5 });
    fc.assert(
      fc.property(https, fc.constantFrom(80, 8080), targets, names, (all, port, target, arns) => {
        const listeners = all.map((one, index) => ({ arn: arns[index] ?? '', port: one.port, actions: actionsTo(one.target) }));
        const sorted = listeners.toSorted((a, b) => (a.arn < b.arn ? -1 : 1));
        const first = (some: readonly { readonly port: number }[]) => {
          const ports = some.map((one) => one.port);
          return ports.includes(443) ? 443 : Math.min(...ports);
        };
        const same = all.filter((one) => target !== 'none' && one.target === target);
        const isStandard = all.length === 1 || all.some((one) => one.port === 443);
        const anywhere = (port === 80 || target === 'none') && isStandard ? first(all) : undefined;
        expect(redirected({ port, target }, sorted)).toBe(same.length > 0 ? first(same) : anywhere);
      }),
    );
  });
});

/** What is let in to port 80 and not to port 443 by groups with these rules. */
async function missing(...groups: readonly (readonly SecurityGroupRule[])[]): Promise<readonly string[]> {
  const aws = {
    async send({ input }: { input: { Filters: { Values: string[] }[] } }) {
      return { SecurityGroupRules: groups[Number(input.Filters[0]?.Values[0])] };
    },
  } as unknown as Aws;
  return missingAt(443, 80, await readAdmissions([...groups.keys()].map(String), [80, 443], aws));
}

const permitted = (port: number, source: SecurityGroupRule): SecurityGroupRule => ({
  IsEgress: false,
  IpProtocol: 'tcp',
  FromPort: port,
  ToPort: port,
  ...source,
});
const everybody = { CidrIpv4: '0.0.0.0/0' };
const office = { CidrIpv4: '203.0.113.0/24' };

describe('what is let in to port 80 alone', () => {
  it('is nothing where the same is let in to both, by one group or by several', async () => {
    expect(await missing([permitted(80, everybody), permitted(443, everybody)])).toEqual([]);
    expect(await missing([permitted(80, everybody)], [permitted(443, everybody)])).toEqual([]);
    expect(await missing([], [])).toEqual([]);
  });

  it('is nothing where the other port is open to more', async () => {
    expect(await missing([permitted(80, office), permitted(443, everybody)])).toEqual([]);
    expect(await missing([permitted(80, { CidrIpv6: '2001:db8::/64' }), permitted(443, { CidrIpv6: '2001:db8::/32' })])).toEqual([]);
    expect(await missing([permitted(80, office), { ...permitted(0, office), ToPort: 65_535 }])).toEqual([]);
    expect(await missing([permitted(80, office), { IsEgress: false, IpProtocol: '-1', FromPort: -1, ToPort: -1, ...everybody }])).toEqual(
      [],
    );
  });

  it('is each source that is not let in to the other port, once', async () => {
    expect(await missing([permitted(80, everybody), permitted(443, office)], [permitted(80, everybody)])).toEqual(['0.0.0.0/0']);
    expect(await missing([permitted(80, { CidrIpv6: '::/0' }), permitted(443, everybody)])).toEqual(['::/0']);
    expect(await missing([permitted(80, { CidrIpv4: '203.0.112.0/23' }), permitted(443, office)])).toEqual(['203.0.112.0/23']);
    expect(await missing([permitted(80, { CidrIpv4: '203.0.113.0/23' }), permitted(443, office)])).toEqual(['203.0.113.0/23']);
  });

  it('tells prefix lists and groups by their ids', async () => {
    const list = { PrefixListId: 'pl-0a' };
    const group = { ReferencedGroupInfo: { GroupId: 'sg-0a', UserId: '123456789012' } };
    expect(await missing([permitted(80, list), permitted(80, group), permitted(443, list), permitted(443, group)])).toEqual([]);
    expect(await missing([permitted(80, list), permitted(80, group), permitted(443, { PrefixListId: 'pl-0b' })])).toEqual([
      'pl-0a',
      'sg-0a',
    ]);
  });

  it('counts TCP alone, and what comes in', async () => {
    expect(await missing([permitted(80, everybody), { ...permitted(443, everybody), IpProtocol: 'udp' }])).toEqual(['0.0.0.0/0']);
    expect(await missing([permitted(80, everybody), { ...permitted(443, everybody), IsEgress: true }])).toEqual(['0.0.0.0/0']);
    expect(await missing([{ ...permitted(80, everybody), IpProtocol: 'udp' }])).toEqual([]);
  });
});
