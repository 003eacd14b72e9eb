import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { canonicalJson, hashJson, sameJson, toJson } from '../functions/canonical-json';
import * as fc from './fast-check';

describe("the RFC's own examples", () => {
  it('are written as it says', () => {
    // Section 3.2.2, and its bytes in section 3.2.4.
    const literals = JSON.parse(
      String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
    );
    expect(canonicalJson(literals)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
    expect(Buffer.from(canonicalJson(literals)).toString('hex')).toBe(
      '7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b3333333333333333332e333333333333332c31652b33302c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d',
    );
  });

  it('have their keys in the order of UTF-16 code units', () => {
    // Section 3.2.3.
    const keys = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
    expect(canonicalJson(keys)).toBe(String.raw`{"\r":2,"1":4,"${'\u0080'}":6,"ö":7,"€":1,"😀":5,"${'\ufb33'}":3}`);
  });

  // Appendix B.
  it.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('write the double %s as %s', (bytes, text) => {
    expect(canonicalJson(Buffer.from(bytes, 'hex').readDoubleBE())).toBe(text);
  });

  it.each(['7fffffffffffffff', '7ff0000000000000', 'fff0000000000000'])('refuse the double %s', (bytes) => {
    expect(() => canonicalJson(Buffer.from(bytes, 'hex').readDoubleBE())).toThrow('Not JSON: $ is');
  });
});

const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom('\u0000', '\u001f', '\u007f', '"', '\\', '\u2028', '\ufb33', '😀'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
});
const key = fc.oneof(text, fc.nat(200).map(String), fc.constantFrom('-1', '01', '1.5', '4294967295', 'toString', 'constructor', ''));
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.constantFrom(0, -0, 1e21, 5e-324, 1e-7, 1e-6, 0.1 + 0.2, Number.MAX_SAFE_INTEGER, Number.MAX_VALUE),
);
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    number,
    text,
    fc.array(tie('json'), { maxLength: 5 }),
    fc.dictionary(key, tie('json'), { maxKeys: 8 }),
  ),
}));

describe('canonical JSON', () => {
  it('puts keys that look like integers where their characters belong', () => {
    expect(canonicalJson({ '10': 1, '9': 2, b: 3, '!': 4 })).toBe('{"!":4,"10":1,"9":2,"b":3}');
    expect(hashJson({ '10': 1, '9': 2, b: 3, '!': 4 })).toBe(createHash('sha256').update('{"!":4,"10":1,"9":2,"b":3}').digest('hex'));
  });

  it('is what another implementation of the RFC writes', () => {
    fc.assert(
      fc.property(json, (value) => expect(canonicalJson(value)).toBe(canonicalize(value))),
      { numRuns: 2000 },
    );
  });

  it('is the same however the value was put together, and reads as the same value', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(turned(value))).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(toJson(value))).toBe(canonicalJson(value));
        expect(sameJson(turned(value), toJson(value))).toBe(true);
      }),
    );
  });

  it('is another text for another value', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        const equal = isEqual(JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b)));
        expect(sameJson(a, b)).toBe(equal);
      }),
    );
    for (const [a, b] of [
      [1, '1'],
      [null, 'null'],
      [[], {}],
      [{ a: [1, 2] }, { a: [2, 1] }],
      [{ '1': 0 }, { '01': 0 }],
      ['é', 'e\u0301'],
    ])
      expect(sameJson(a, b)).toBe(false);
  });

  it('leaves out what is undefined in an object, and takes objects without a prototype', () => {
    expect(canonicalJson({ b: undefined, a: Object.assign(Object.create(null), { c: 1 }) })).toBe('{"a":{"c":1}}');
  });

  it.each([
    ['undefined', undefined, '$ is undefined'],
    ['undefined in a list', { a: [1, undefined] }, '$.a[1] is undefined'],
    ['a hole in a list', { a: Array(1) }, '$.a[0] is undefined'],
    ['not a number', { a: Number.NaN }, '$.a is NaN'],
    ['an infinite number', [Number.NEGATIVE_INFINITY], '$[0] is -Infinity'],
    ['a large integer', { a: 1n }, '$.a is 1'],
    ['a symbol', { a: Symbol('x') }, '$.a is Symbol(x)'],
    ['a function', { a: isEqual }, '$.a is '],
    ['a Date', { a: new Date(0) }, '$.a is '],
    ['bytes', { a: { b: new Uint8Array(2) } }, '$.a.b is 0,0'],
    ['a Map', { a: new Map() }, '$.a is [object Map]'],
    ['the prototype as a key', { a: JSON.parse('{"__proto__":1}') }, '$.a has the key `__proto__`'],
    ['the first half of a character', { a: ['x\ud83d'] }, '$.a[0] contains a lone surrogate'],
    ['the second half of a character', { a: '\ude00x' }, '$.a contains a lone surrogate'],
    ['half a character in a key', { a: { 'x\ud83dy': 1 } }, 'a key of $.a contains a lone surrogate'],
  ])('refuses %s, and says where it stands', (_, value, where) => {
    for (const take of [canonicalJson, toJson, hashJson]) expect(() => take(value)).toThrow(`Not JSON: ${where}`);
  });

  it('refuses half a character wherever it stands', () => {
    const half = fc.integer({ min: 0xd800, max: 0xdfff }).map((unit) => String.fromCharCode(unit));
    fc.assert(
      fc.property(half, json, fc.boolean(), (one, value, asKey) => {
        const spoilt = asKey ? [value, { [one]: value }] : { a: value, b: [`x${one}x`] };
        expect(() => canonicalJson(spoilt)).toThrow(/^Not JSON: [$.[\]\w ]+ contains a lone surrogate/);
      }),
    );
  });
});

describe('a copy', () => {
  it('shares nothing with its original, has no undefined and no minus zero', () => {
    const original = { b: { list: [{ x: 1 }] }, a: -0, notFound: undefined };
    const copy = toJson(original) as typeof original;
    expect(Object.is(copy.a, 0)).toBe(true);
    expect(Object.keys(copy)).toEqual(['a', 'b']);
    original.b.list.push({ x: 2 });
    expect(copy.b).toEqual({ list: [{ x: 1 }] });
  });
});

/** The same value with the keys of its objects in the other order. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, turned(item)]),
  );
}

function isEqual(a: unknown, b: unknown): boolean {
  try {
    expect(a).toEqual(b);
    return true;
  } catch {
    return false;
  }
}
