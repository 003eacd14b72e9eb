import { isChanges } from '../../../../functions/plan/change';
import type { Permission } from '../../../../rules/ec2/security-group/permission';
import adminPorts from '../../../../rules/ec2/security-group-admin-ports-closed';
import authorizedPorts from '../../../../rules/ec2/security-group-open-ports-authorized';
import type { Rule } from '../../../../rules/rule';
import * as fc from '../../../fast-check';

const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
const resource = { ...place, type: 'AWS::EC2::SecurityGroup', id: 'sg-0a', arn: 'arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a' };

type Family = 4 | 6;
const bits = { 4: 32, 6: 128 } as const;

/** A range of addresses, as the leading bits of its prefix. */
interface Block {
  readonly family: Family;
  readonly bits: string;
}

function textOf({ family, bits: leading }: Block): string {
  const all = leading.padEnd(bits[family], '0');
  const width = family === 4 ? 8 : 16;
  const parts = Array.from({ length: bits[family] / width }, (_, at) => Number.parseInt(all.slice(at * width, (at + 1) * width), 2));
  return `${family === 4 ? parts.join('.') : parts.map((part) => part.toString(16)).join(':')}/${leading.length}`;
}

/** Whether the blocks of a family cover all its addresses, by cutting in halves: another way than that of the rules. */
function coversAll(blocks: readonly Block[], family: Family, part = ''): boolean {
  const own = blocks.filter((block) => block.family === family);
  if (own.some((block) => part.startsWith(block.bits))) return true;
  return own.some((block) => block.bits.startsWith(part)) && coversAll(own, family, `${part}0`) && coversAll(own, family, `${part}1`);
}

const families = fc.constantFrom<Family>(4, 6);

/** Blocks that make up the internet, by halving at random. */
const internet: fc.Arbitrary<readonly Block[]> = fc
  .tuple(families, fc.array(fc.nat(), { maxLength: 8 }))
  .map(([family, picks]) =>
    picks
      .reduce<readonly string[]>(
        (cut, pick) => cut.flatMap((one, at) => (at === pick % cut.length && one.length < bits[family] ? [`${one}0`, `${one}1`] : [one])),
        [''],
      )
      .map((one) => ({ family, bits: one })),
  );
/** Offices and single addresses, which never cover much. */
const small: fc.Arbitrary<Block> = families.chain((family) =>
  fc
    .array(fc.boolean(), { minLength: family === 4 ? 20 : 48, maxLength: bits[family] })
    .map((some) => ({ family, bits: some.map(Number).join('') })),
);

type Seen = Permission & { readonly blocks: readonly Block[] };

/** The rules of a group for port 22 with these sources: each its own, or some in one prefix list. */
const permissionsOf = (blocks: readonly Block[], listed: readonly boolean[]): readonly Seen[] => {
  const rule = { protocol: 'tcp', from: 22, to: 22, tags: {} };
  const inList = blocks.filter((_, index) => listed[index % listed.length]);
  const single = blocks.filter((block) => !inList.includes(block));
  return [
    ...single.map((block) => ({ ...rule, [block.family === 4 ? 'ipv4' : 'ipv6']: textOf(block), blocks: [block] })),
    ...(inList.length > 0 ? [{ ...rule, prefixList: 'pl-0a', entries: inList.map(textOf), blocks: inList }] : []),
  ];
};

interface Source {
  readonly IpRanges?: readonly { readonly CidrIp: string }[];
  readonly Ipv6Ranges?: readonly { readonly CidrIpv6: string }[];
  readonly PrefixListIds?: readonly { readonly PrefixListId: string }[];
}
const keyOf = ({ ipv4, ipv6, prefixList }: Permission) => ipv4 ?? ipv6 ?? prefixList ?? '';

describe.each([
  ['EC2.13', adminPorts],
  ['EC2.18', authorizedPorts],
] as unknown as [string, Rule][])('by %s, whatever its rules are cut into', (detectedBy, rule) => {
  /** The rules that are left after the fix. */
  function left(ranges: readonly Seen[]): readonly Seen[] {
    const parameters = rule.parameters?.parse({});
    const state = { owner: place.account, ranges: ranges.map(({ blocks: _, ...one }) => one) };
    const plan = rule.plan(resource, state, { parameters, detectedBy, now: new Date(0) });
    if (!isChanges(plan)) throw new Error(`An obstacle: ${JSON.stringify(plan)}`);
    const revoked = plan.flatMap(({ do: { input } }) =>
      (input as { readonly IpPermissions: readonly Source[] }).IpPermissions.flatMap(
        ({ IpRanges = [], Ipv6Ranges = [], PrefixListIds = [] }) => [
          ...IpRanges.map(({ CidrIp }) => CidrIp),
          ...Ipv6Ranges.map(({ CidrIpv6 }) => CidrIpv6),
          ...PrefixListIds.map(({ PrefixListId }) => PrefixListId),
        ],
      ),
    );
    return ranges.filter((one) => !revoked.includes(keyOf(one)));
  }
  const blocksOf = (ranges: readonly Seen[]) => ranges.flatMap(({ blocks }) => blocks);
  const listed = fc.array(fc.boolean(), { minLength: 1, maxLength: 5 });

  it('a group open to the internet is closed', () => {
    fc.assert(
      fc.property(internet, fc.array(small, { maxLength: 4 }), listed, (cut, offices, inList) => {
        const ranges = permissionsOf([...offices, ...cut], inList);
        const rest = left(ranges);
        expect(rest.length).toBeLessThan(ranges.length);
        for (const family of [4, 6] as const) expect(coversAll(blocksOf(rest), family)).toBe(false);
      }),
    );
  });

  it('a group that lacks a part of the internet is left alone, and so are offices', () => {
    fc.assert(
      fc.property(internet, fc.nat(), fc.array(small, { maxLength: 4 }), listed, (cut, pick, offices, inList) => {
        const part = cut.length > 1 ? cut.filter((_, index) => index !== pick % cut.length) : [];
        const ranges = permissionsOf([...offices, ...part], inList);
        fc.pre(!coversAll(blocksOf(ranges), 4) && !coversAll(blocksOf(ranges), 6));
        expect(left(ranges)).toEqual(ranges);
      }),
    );
  });
});
