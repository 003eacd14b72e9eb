import type { SecurityGroupRule } from '@aws-sdk/client-ec2';
import { missingAt, readAdmissions } from '../../../../rules/elb/load-balancer/admission';
import type { Aws } from '../../../../rules/rule';

/** What is let in to port 80 and not to port 443 by groups with these rules. */
async function missing(...groups: readonly (readonly SecurityGroupRule[])[]): Promise<readonly string[]> {
  const aws = {
    async send({ input }: { input: { Filters: { Values: string[] }[] } }) {
      return { SecurityGroupRules: groups[Number(input.Filters[0]?.Values[0])] };
    },
  } as unknown as Aws;
  return missingAt(443, 80, await readAdmissions([...groups.keys()].map(String), [80, 443], aws));
}

const tcp = (port: number, source: SecurityGroupRule): SecurityGroupRule => ({
  IsEgress: false,
  IpProtocol: 'tcp',
  FromPort: port,
  ToPort: port,
  ...source,
});
const everybody = { CidrIpv4: '0.0.0.0/0' };
const office = { CidrIpv4: '203.0.113.0/24' };

it('is nothing where the same is let in to both, by one group or by several', async () => {
  expect(await missing([tcp(80, everybody), tcp(443, everybody)])).toEqual([]);
  expect(await missing([tcp(80, everybody)], [tcp(443, everybody)])).toEqual([]);
  expect(await missing([], [])).toEqual([]);
});

it('is nothing where the other port is open to more', async () => {
  expect(await missing([tcp(80, office), tcp(443, everybody)])).toEqual([]);
  expect(await missing([tcp(80, { CidrIpv6: '2001:db8::/64' }), tcp(443, { CidrIpv6: '2001:db8::/32' })])).toEqual([]);
  expect(await missing([tcp(80, office), { ...tcp(0, office), ToPort: 65_535 }])).toEqual([]);
  expect(await missing([tcp(80, office), { IsEgress: false, IpProtocol: '-1', FromPort: -1, ToPort: -1, ...everybody }])).toEqual([]);
});

it('is each source that is not let in to the other port, once', async () => {
  expect(await missing([tcp(80, everybody), tcp(443, office)], [tcp(80, everybody)])).toEqual(['0.0.0.0/0']);
  expect(await missing([tcp(80, { CidrIpv6: '::/0' }), tcp(443, everybody)])).toEqual(['::/0']);
  expect(await missing([tcp(80, { CidrIpv4: '203.0.112.0/23' }), tcp(443, office)])).toEqual(['203.0.112.0/23']);
  expect(await missing([tcp(80, { CidrIpv4: '203.0.113.0/23' }), tcp(443, office)])).toEqual(['203.0.113.0/23']);
});

it('tells prefix lists and groups by their ids', async () => {
  const list = { PrefixListId: 'pl-0a' };
  const group = { ReferencedGroupInfo: { GroupId: 'sg-0a', UserId: '123456789012' } };
  expect(await missing([tcp(80, list), tcp(80, group), tcp(443, list), tcp(443, group)])).toEqual([]);
  expect(await missing([tcp(80, list), tcp(80, group), tcp(443, { PrefixListId: 'pl-0b' })])).toEqual(['pl-0a', 'sg-0a']);
});

it('counts TCP alone, and what comes in', async () => {
  expect(await missing([tcp(80, everybody), { ...tcp(443, everybody), IpProtocol: 'udp' }])).toEqual(['0.0.0.0/0']);
  expect(await missing([tcp(80, everybody), { ...tcp(443, everybody), IsEgress: true }])).toEqual(['0.0.0.0/0']);
  expect(await missing([{ ...tcp(80, everybody), IpProtocol: 'udp' }])).toEqual([]);
});
