import { type AddressRange, addingUpToEverything, coverEverything, parseRange } from '../../../../rules/ec2/security-group/address-range';
import * as fc from '../../../fast-check';

const read = (texts: readonly string[]): readonly (AddressRange & { readonly text: string })[] =>
  texts.map((text) => {
    const range = parseRange(text);
    if (!range) throw new Error(`${text} is no range.`);
    return { ...range, text };
  });
const closed = (...texts: readonly string[]): readonly string[] => addingUpToEverything(read(texts)).map(({ text }) => text);

/** IPv4 blocks, as first address and prefix. */
type Block = readonly [first: number, prefix: number];

const size = (prefix: number): number => 2 ** (32 - prefix);
const textOf = ([first, prefix]: Block): string =>
  `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${prefix}`;
const within = ([first, prefix]: Block, outer: Block): boolean =>
  prefix >= outer[1] && Math.floor(first / size(outer[1])) * size(outer[1]) === outer[0];
const neighbour = ([first, prefix]: Block): Block => [
  (first / size(prefix)) % 2 === 0 ? first + size(prefix) : first - size(prefix),
  prefix,
];

/** Blocks that make up the whole, by halving at random. */
const pieces: fc.Arbitrary<readonly Block[]> = fc
  .array(fc.nat(), { maxLength: 20 })
  .map((picks) => picks.reduce<readonly Block[]>((blocks, pick) => halve(blocks, pick % blocks.length), [[0, 0]]));

function halve(blocks: readonly Block[], index: number): readonly Block[] {
  return blocks.flatMap((block, at): Block[] => {
    const half: Block = [block[0], block[1] + 1];
    return at === index && block[1] < 32 ? [half, neighbour(half)] : [block];
  });
}

const anyBlock: fc.Arbitrary<Block> = fc
  .tuple(fc.nat(2 ** 32 - 1), fc.integer({ min: 1, max: 32 }))
  .map(([number, prefix]): Block => [Math.floor(number / size(prefix)) * size(prefix), prefix]);

/** Whether the blocks cover a part, by cutting it in halves: another way than that of the rule. */
function covered(blocks: readonly Block[], part: Block = [0, 0]): boolean {
  if (blocks.some((block) => within(part, block))) return true;
  const inside = blocks.filter((block) => within(block, part));
  const half: Block = [part[0], part[1] + 1];
  return inside.length > 1 && covered(inside, half) && covered(inside, neighbour(half));
}

it('any cut of the whole covers everything, among whatever others', () => {
  fc.assert(
    fc.property(pieces, fc.array(anyBlock, { maxLength: 6 }), (cut, others) => {
      expect(coverEverything(read([...others, ...cut].map(textOf)))).toBe(true);
    }),
  );
});

it('nothing covers everything with a piece missing', () => {
  fc.assert(
    fc.property(pieces, fc.nat(), (cut, pick) => {
      expect(coverEverything(read(cut.filter((_piece, index) => index !== pick % cut.length).map(textOf)))).toBe(false);
    }),
  );
});

it('what has to go leaves no whole behind, and nothing has to where there was none', () => {
  fc.assert(
    fc.property(fc.oneof(pieces, fc.constant([])), fc.uniqueArray(anyBlock, { maxLength: 8, selector: textOf }), (cut, others) => {
      const blocks = [...cut, ...others];
      const notFound = closed(...blocks.map(textOf));
      expect(notFound.length > 0).toBe(covered(blocks));
      expect(covered(blocks.filter((block) => !notFound.includes(textOf(block))))).toBe(false);
    }),
  );
});

it('narrower ranges inside the wide ones stay', () => {
  const inside = ['10.0.0.0/8', '203.0.113.7/32', '128.0.0.0/9'];
  expect(closed('0.0.0.0/2', '64.0.0.0/2', '128.0.0.0/1', ...inside)).toEqual(['0.0.0.0/2', '64.0.0.0/2', '128.0.0.0/1']);
  expect(closed('0.0.0.0/0', ...inside)).toEqual(['0.0.0.0/0']);
});

it('a layer below that adds up as well has to go too', () => {
  expect(closed('0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1', '10.0.0.0/8')).toEqual(['0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1']);
});

it('the office that fills the last gap stays', () => {
  const office = [203 * 2 ** 24 + 113 * 2 ** 8 + 7, 32] as const;
  const around = Array.from({ length: 32 }, (_none, index): Block => {
    const prefix = index + 1;
    return neighbour([Math.floor(office[0] / size(prefix)) * size(prefix), prefix]);
  });
  expect(covered([office, ...around])).toBe(true);
  expect(closed(...[office, ...around].map(textOf))).toEqual(around.slice(0, 16).map(textOf));
});

it('IPv6 counts in any notation', () => {
  const quarters = ['::/2', '4000:0:0:0:0:0:0:0/2', '8000::/2', 'C000::1/2'];
  const inside = ['2001:db8::/32', '::ffff:192.0.2.1/128', '1:2:3:4:5:6:7:8/128'];
  expect(closed(...quarters, ...inside)).toEqual(quarters);
  expect(closed(...quarters.slice(1), ...inside)).toEqual([]);
  expect(closed('::/0', ...inside)).toEqual(['::/0']);
});

it.each([
  '0.0.0.0',
  '0.0.0.0/',
  '0.0.0.0/33',
  '/0',
  '0.0.0/0',
  '256.0.0.0/0',
  '0.0.0.0.0/0',
  '::/129',
  ':::/0',
  '1::2::3/0',
  '1:2:3:4:5:6:7/0',
  '1:2:3:4:5:6:7::8:9/0',
  '1:2:3:4::5:6:7:8/0',
  'fffff::/16',
  '::1.2.3.256/0',
  '010.0.0.0/8',
  '0x0a.0.0.0/8',
  '10/8',
  '0.0.0.0/-1',
  '0.0.0.0/1e1',
  ' ::/0',
  '::/',
  'fe80::1%eth0/64',
  'everywhere',
  '',
])('%s is no range', (text) => {
  expect(parseRange(text)).toBeUndefined();
});
