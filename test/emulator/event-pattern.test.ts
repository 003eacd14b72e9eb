import { matches, refusalOf } from './event-pattern';

const event = {
  source: 'aws.ec2',
  'detail-type': 'EC2 Instance State-change Notification',
  account: '012345678901',
  time: '2026-10-02T16:24:49Z',
  resources: ['arn:aws:ec2:us-east-1:123456789012:instance/i-1', 'arn:aws:ec2:us-east-1:123456789012:instance/i-2'],
  detail: {
    'c-count': 5,
    'd-count': 3,
    'x-limit': 301.8,
    'source-ip': '10.0.0.33',
    'source-ip6': '2001:db8::7',
    state: 'running',
    name: '',
    owner: null,
    spot: false,
    parts: [],
    nested: { deep: 'value' },
    path: '/a/lib/b*c\\d.png',
    lines: 'one\ntwo',
  },
};

const detail = (name: string, ...asks: readonly unknown[]) => ({ detail: { [name]: asks } });

describe('a pattern', () => {
  it.each<readonly [string, object]>([
    ['all fields, by any of their values', { source: ['aws.ec2', 'aws.rds'], detail: { state: ['stopped', 'running'] } }],
    ['an array that shares a value', { resources: ['x', 'arn:aws:ec2:us-east-1:123456789012:instance/i-2'] }],
    ['a number', detail('c-count', 5)],
    ['a number however it is written', detail('x-limit', 3.018e2)],
    ['a boolean', detail('spot', false)],
    ['null', detail('owner', null)],
    ['the empty string', detail('name', '')],
    ['a nested object', { detail: { nested: { deep: ['value'] } } }],
    ['a field whose name has a dot as one inside another', { 'detail.nested.deep': ['value'] }],
    ['a prefix', { time: [{ prefix: '2026-10-02' }] }],
    ['a prefix in another case', detail('state', { prefix: { 'equals-ignore-case': 'RUN' } })],
    ['a suffix', detail('path', { suffix: '.png' })],
    ['a suffix in another case', detail('path', { suffix: { 'equals-ignore-case': '.PNG' } })],
    ['another case', detail('state', { 'equals-ignore-case': 'RUNNING' })],
    ['anything but a value', detail('state', { 'anything-but': 'stopped' })],
    ['anything but a number', detail('c-count', { 'anything-but': 6 })],
    ['anything but a list', detail('state', { 'anything-but': ['stopped', 'overloaded'] })],
    ['anything but a list of numbers', detail('x-limit', { 'anything-but': [100, 200] })],
    ['anything but a prefix', detail('state', { 'anything-but': { prefix: 'init' } })],
    ['anything but several prefixes', detail('state', { 'anything-but': { prefix: ['init', 'stop'] } })],
    ['anything but a suffix', detail('path', { 'anything-but': { suffix: '.jpg' } })],
    ['anything but a value in any case', detail('state', { 'anything-but': { 'equals-ignore-case': ['STOPPED', 'Initializing'] } })],
    ['anything but a wildcard', detail('path', { 'anything-but': { wildcard: ['*/bin/*', '*.exe'] } })],
    ['anything but a string, by a number', detail('c-count', { 'anything-but': 'stopped' })],
    ['anything but a string, by null', detail('owner', { 'anything-but': 'stopped' })],
    [
      'anything but a value, by another element of the array',
      { resources: [{ 'anything-but': 'arn:aws:ec2:us-east-1:123456789012:instance/i-1' }] },
    ],
    ['a number equal', detail('x-limit', { numeric: ['=', 301.8] })],
    ['a number below', detail('c-count', { numeric: ['<', 6] })],
    ['a number at most', detail('c-count', { numeric: ['<=', 5] })],
    ['a number above', detail('c-count', { numeric: ['>', 4.9] })],
    ['a number at least', detail('c-count', { numeric: ['>=', 5] })],
    ['a number in a range', detail('c-count', { numeric: ['>', 0, '<=', 5] })],
    ['a field that exists', detail('state', { exists: true })],
    ['a null that exists', detail('owner', { exists: true })],
    ['a field that does not exist', detail('region', { exists: false })],
    ['the absence of a value, where an object stands', detail('nested', { exists: false })],
    ['the absence of a value, where an empty array stands', detail('parts', { exists: false })],
    ['a field that is absent or has a value', detail('region', 'eu-west-1', { exists: false })],
    ['an address in a network', detail('source-ip', { cidr: '10.0.0.0/24' })],
    ['an address in a network whose address has further bits', detail('source-ip', { cidr: '10.0.0.77/24' })],
    ['an IPv6 address in a network', detail('source-ip6', { cidr: '2001:db8::/32' })],
    ['any address', detail('source-ip', { cidr: '0.0.0.0/0' })],
    ['a wildcard', detail('path', { wildcard: '/a/*.png' })],
    ['a wildcard that stands for nothing', detail('state', { wildcard: 'running*' })],
    ['a wildcard over the end of a line', detail('lines', { wildcard: 'one*two' })],
    ['an asterisk and a backslash', detail('path', { wildcard: '*b\\*c\\\\d.png' })],
    ['one of two alternatives', { $or: [{ source: ['aws.s3'] }, { detail: { state: ['running'] } }] }],
    [
      'alternatives beside other fields',
      { source: ['aws.ec2'], detail: { $or: [{ state: ['stopped'] }, { 'c-count': [5], 'd-count': [3] }] } },
    ],
    ['alternatives in alternatives', { $or: [{ source: ['x'] }, { detail: { $or: [{ state: ['x'] }, { spot: [false] }] } }] }],
  ])('matches %s', (_, pattern) => {
    expect(refusalOf(pattern)).toBeUndefined();
    expect(matches(pattern, event)).toBe(true);
  });

  it.each<readonly [string, object]>([
    ['if one field differs', { source: ['aws.ec2'], detail: { state: ['stopped'] } }],
    ['if a field is missing', { region: ['us-east-1'] }],
    ['if an array shares no value', { resources: ['x'] }],
    ['a number by its text', detail('c-count', '5')],
    ['a text by its number', { account: [12345678901] }],
    ['in another case', { source: ['AWS.EC2'] }],
    ['a part of a value', { source: ['aws'] }],
    ['null by the empty string', detail('owner', '')],
    ['the empty string by null', detail('name', null)],
    ['false by null', detail('spot', null)],
    ['a missing field by null', { region: [null] }],
    ['a value where an object stands', detail('nested', 'value')],
    ['another prefix', { time: [{ prefix: '2025' }] }],
    ['a prefix in another case', detail('state', { prefix: 'RUN' })],
    ['a prefix of a number', detail('c-count', { prefix: '5' })],
    ['another suffix', detail('path', { suffix: '.jpg' })],
    ['a suffix in another case', detail('path', { suffix: '.PNG' })],
    ['another value in any case', detail('state', { 'equals-ignore-case': 'RUN' })],
    ['the very value that it excludes', detail('state', { 'anything-but': 'running' })],
    ['the very number that it excludes', detail('c-count', { 'anything-but': [4, 5] })],
    ['one of the values that it excludes', detail('state', { 'anything-but': ['running', 'stopped'] })],
    ['one of the prefixes that it excludes', detail('state', { 'anything-but': { prefix: ['init', 'run'] } })],
    ['a suffix that it excludes', detail('path', { 'anything-but': { suffix: '.png' } })],
    ['a value that it excludes in any case', detail('state', { 'anything-but': { 'equals-ignore-case': 'RUNNING' } })],
    ['a wildcard that it excludes', detail('path', { 'anything-but': { wildcard: '*/lib/*' } })],
    ['a missing field by what it is not', { region: [{ 'anything-but': 'us-east-1' }] }],
    ['a number above the range', detail('c-count', { numeric: ['>', 0, '<', 5] })],
    ['a number below the range', detail('c-count', { numeric: ['>', 5, '<=', 10] })],
    ['a text by a range', { account: [{ numeric: ['>', 0] }] }],
    ['a field that exists but must not', detail('state', { exists: false })],
    ['a field that does not exist but must', detail('region', { exists: true })],
    ['an object that must exist', detail('nested', { exists: true })],
    ['an empty array that must exist', detail('parts', { exists: true })],
    ['an address outside the network', detail('source-ip', { cidr: '10.0.1.0/24' })],
    ['an address of the other family', detail('source-ip', { cidr: '::/0' })],
    ['a text that is no address', detail('state', { cidr: '0.0.0.0/0' })],
    ['a wildcard that is not there', detail('path', { wildcard: '/b/*' })],
    ['a wildcard as a part only', detail('path', { wildcard: '*lib' })],
    ['a character that means something in other languages', detail('state', { wildcard: 'r.nning' })],
    ['an escaped asterisk as a wildcard', detail('state', { wildcard: 'run\\*' })],
    ['none of the alternatives', { $or: [{ source: ['aws.s3'] }, { detail: { state: ['stopped'] } }] }],
    ['an alternative without the other fields', { source: ['aws.s3'], $or: [{ detail: { state: ['running'] } }, { region: ['x'] }] }],
    ['half of an alternative', { detail: { $or: [{ state: ['stopped'] }, { 'c-count': [5], 'd-count': [4] }] } }],
  ])('does not match %s', (_, pattern) => {
    expect(refusalOf(pattern)).toBeUndefined();
    expect(matches(pattern, event)).toBe(false);
  });
});

describe('arrays of objects', () => {
  const findings = {
    detail: {
      findings: [
        {
          Id: 'one',
          Compliance: { Status: 'PASSED', SecurityControlId: 'S3.14' },
          Workflow: { Status: 'NEW' },
          Resources: [
            { Type: 'A', Id: 'a1' },
            { Type: 'B', Id: 'b1' },
          ],
        },
        {
          Id: 'two',
          Compliance: { Status: 'FAILED', SecurityControlId: 'EC2.2' },
          Workflow: { Status: 'RESOLVED' },
          Resources: [{ Type: 'A', Id: 'a2' }],
          Note: 'n',
        },
      ],
    },
    groups: [[{ first: 'Anna', last: 'Smith' }], [{ first: 'Peter', last: 'Jones' }]],
  };
  const finding = (fields: object) => ({ detail: { findings: fields } });

  it.each<readonly [string, object]>([
    ['one field of any element', finding({ Id: ['two'] })],
    ['several fields of the same element', finding({ Id: ['two'], Compliance: { Status: ['FAILED'], SecurityControlId: ['EC2.2'] } })],
    ['fields of the same element of an inner array', finding({ Resources: { Type: ['B'], Id: ['b1'] } })],
    ['a field of the element and one of its inner array', finding({ Id: ['two'], Resources: { Id: ['a2'] } })],
    ['an array in an array', { groups: { first: ['Peter'], last: ['Jones'] } }],
    ['fields of different arrays', { detail: { findings: { Id: ['one'] } }, groups: { first: ['Peter'] } }],
    ['an element without a field that another has', finding({ Id: ['one'], Note: [{ exists: false }] })],
    ['an alternative within one element', finding({ $or: [{ Id: ['x'] }, { Id: ['two'], Workflow: { Status: ['RESOLVED'] } }] })],
    ['by anything-but another element', finding({ Compliance: { Status: [{ 'anything-but': 'PASSED' }] } })],
  ])('match %s', (_, pattern) => {
    expect(matches(pattern, findings)).toBe(true);
  });

  it.each<readonly [string, object]>([
    ['fields of different elements', finding({ Id: ['one'], Compliance: { Status: ['FAILED'] } })],
    [
      'fields of different elements, two levels down',
      finding({ Compliance: { SecurityControlId: ['S3.14'] }, Workflow: { Status: ['RESOLVED'] } }),
    ],
    ['fields of different elements of an inner array', finding({ Resources: { Type: ['A'], Id: ['b1'] } })],
    ['a field of one element and an inner element of another', finding({ Id: ['one'], Resources: { Id: ['a2'] } })],
    ['arrays in an array, across', { groups: { first: ['Anna'], last: ['Jones'] } }],
    ['an element with a field that it must not have', finding({ Id: ['two'], Note: [{ exists: false }] })],
    [
      'halves of an alternative in different elements',
      finding({ $or: [{ Id: ['x'] }, { Id: ['one'], Workflow: { Status: ['RESOLVED'] } }] }),
    ],
    ['a field that no element has', finding({ Title: ['x'] })],
    ['an empty array', { detail: { nothing: { Id: [{ exists: true }] } } }],
  ])('do not match %s', (_, pattern) => {
    expect(matches(pattern, findings)).toBe(false);
  });
});

describe('EventBridge refuses', () => {
  it.each<readonly [string, unknown, RegExp]>([
    ['a pattern that is no object', ['x'], /Filter is not an object/],
    ['an empty pattern', {}, /Empty objects/],
    ['an empty object inside', { detail: {} }, /Empty objects/],
    ['an empty list', { source: [] }, /Empty arrays/],
    ['a value outside a list', { source: 'aws.ec2' }, /"source" must be an object or an array/],
    ['a list in a list', { source: [['aws.ec2']] }, /Match value must be/],
    ['an operator that it does not know', detail('x', { contains: 'y' }), /Unrecognized match type contains/],
    ['two operators in one', detail('x', { prefix: 'a', suffix: 'b' }), /Only one key/],
    ['no operator', detail('x', {}), /expression name not found/],
    ['a prefix that is no text', detail('x', { prefix: 5 }), /prefix match pattern must be a string/],
    ['a suffix of another operator', detail('x', { suffix: { wildcard: '*' } }), /Unsupported suffix/],
    ['exists with a text', detail('x', { exists: 'true' }), /either true or false/],
    ['a mixed anything-but', detail('x', { 'anything-but': ['a', 1] }), /strings alone or numbers alone/],
    ['anything-but null', detail('x', { 'anything-but': null }), /strings alone or numbers alone/],
    ['an empty anything-but', detail('x', { 'anything-but': [] }), /Empty arrays/],
    ['anything-but an empty prefix', detail('x', { 'anything-but': { prefix: '' } }), /Null prefix/],
    ['anything-but a range', detail('x', { 'anything-but': { numeric: ['>', 1] } }), /Unsupported anything-but/],
    ['a range without numbers', detail('x', { numeric: ['>', '1'] }), /must be a number/],
    ['a range beyond five billion', detail('x', { numeric: ['<', 5000000001] }), /between/],
    ['a range of another operator', detail('x', { numeric: ['!=', 1] }), /Unrecognized numeric/],
    ['a range upside down', detail('x', { numeric: ['>', 5, '<', 5] }), /Bottom must be less than top/],
    ['two lower bounds', detail('x', { numeric: ['>', 1, '>', 2] }), /Bad numeric range/],
    ['a network without bits', detail('x', { cidr: '10.0.0.0' }), /Malformed CIDR/],
    ['a network with too many bits', detail('x', { cidr: '10.0.0.0/33' }), /Malformed CIDR/],
    ['two wildcards in a row', detail('x', { wildcard: 'a**b' }), /Consecutive wildcard/],
    ['an escape that means nothing', detail('x', { wildcard: 'a\\b' }), /Invalid escape/],
    ['a single alternative', { $or: [{ source: ['a'] }] }, /at least 2 Objects/],
    ['alternatives that are no list', { $or: { source: ['a'] } }, /must be an Array/],
    ['alternatives that are no objects', { $or: ['a', 'b'] }, /Only JSON object/],
    ['an operator as a field in alternatives', { $or: [{ prefix: ['a'] }, { source: ['b'] }] }, /prefix is an operator/],
  ])('%s', (_, pattern, reason) => {
    expect(refusalOf(pattern as object)).toMatch(reason);
    expect(() => matches(pattern as object, event)).toThrow(reason);
  });

  it('more than 2,048 characters', () => {
    const of = (length: number) => JSON.stringify({ a: ['x'.repeat(length - '{"a":["x"]}'.length + 1)] });
    expect(of(2048)).toHaveLength(2048);
    expect(refusalOf(of(2048))).toBeUndefined();
    expect(refusalOf(of(2049))).toMatch(/2049 characters, 2048/);
  });

  it('more than a thousand combinations of alternatives', () => {
    const or = (name: string, count: number) => ({ $or: Array.from({ length: count }, () => ({ [name]: [1] })) });
    expect(refusalOf({ a: or('x', 10), b: or('x', 10), c: or('x', 10) })).toBeUndefined();
    expect(refusalOf({ a: or('x', 10), b: or('x', 10), c: or('x', 11) })).toMatch(/more than 1000 combinations/);
  });

  it('text that is not JSON', () => {
    expect(refusalOf('{')).toMatch(/JSON/);
  });
});
