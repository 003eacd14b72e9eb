import stringWidth from 'string-width';
import { explain, sentence, Unable } from '../../functions/cli/failure';
import { callText, changeLines } from '../../functions/cli/print/change-text';
import { differences, leaves } from '../../functions/cli/print/difference';
import { printable, printJson } from '../../functions/cli/print/printed';
import { textTable, wrap } from '../../functions/cli/print/text-table';
import { instant } from '../../functions/cli/time-option';
import { eachOf } from '../../functions/concurrency';
import { csv } from '../../functions/csv';
import { nearest } from '../../functions/nearest';
import * as fc from '../fast-check';

const now = new Date('2026-03-10T12:00:00.000Z');

beforeAll(() => {
  process.env.NO_COLOR = '1';
});
afterAll(() => {
  delete process.env.NO_COLOR;
});

describe('a difference', () => {
  it('names the fields that were added, removed and changed, and no others', () => {
    expect(differences({ a: 1, b: { c: 'x', d: [1, 2] }, e: true }, { a: 1, b: { c: 'y', d: [1, 2] }, f: null })).toEqual([
      { path: 'b.c', was: 'x', is: 'y' },
      { path: 'e', was: true, is: undefined },
      { path: 'f', was: undefined, is: null },
    ]);
    expect(differences({ a: [{ x: 1 }] }, { a: [{ x: 1 }] })).toEqual([]);
  });

  it('compares lists as bags: one item more is one difference, wherever it stands', () => {
    expect(differences([1, 2, 2], [2, 3, 1])).toEqual([
      { path: '[]', was: 2, is: undefined },
      { path: '[]', was: undefined, is: 3 },
    ]);
    expect(differences({ l: [{ Sid: 'a', on: 1 }, { Sid: 'b' }] }, { l: [{ Sid: 'b' }, { Sid: 'a', on: 2 }] })).toEqual([
      { path: 'l[].on', was: 1, is: 2 },
    ]);
  });

  it('looks into a policy that stands in a text', () => {
    const policy = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
    const ours = { Sid: 'DenyPlain', Effect: 'Deny' };
    expect(differences({ Policy: policy({ Sid: 'theirs' }) }, { Policy: policy({ Sid: 'theirs' }, ours) })).toEqual([
      { path: 'Policy.Statement[]', was: undefined, is: ours },
    ]);
    expect(differences('{not json', '{not json')).toEqual([]);
  });

  it('lists the single values of a value', () => {
    expect(leaves({ a: { b: 1 }, c: [1, 2], d: [{ e: 'x' }], f: '{"g":true}', h: [], i: {} })).toEqual([
      { path: 'a.b', value: 1 },
      { path: 'c', value: [1, 2] },
      { path: 'd[0].e', value: 'x' },
      { path: 'f.g', value: true },
      { path: 'h', value: [] },
      { path: 'i', value: {} },
    ]);
  });
});

describe('a change, as text', () => {
  const call = (operation: string, input: Record<string, string | number>) => ({ service: 's3', operation, input });

  it('is the call with its input on one line', () => {
    expect(callText(call('PutThing', { Bucket: 'records', Text: 'two words', Count: 2 }))).toBe(
      's3:PutThing  Bucket=records, Text="two words", Count=2',
    );
    expect(callText(call('PutThing', { Name: 'a\u001b[31mb\u202ec' }))).toBe('s3:PutThing  Name="a\\u001b[31mbc"');
    expect(callText(call('PutThing', { Long: 'x'.repeat(5000) })).length).toBeLessThan(400);
  });

  it('shows what differs where the way back is the same command', () => {
    expect(
      changeLines({ do: call('PutThing', { Bucket: 'b', Status: 'On' }), undo: call('PutThing', { Bucket: 'b', Status: 'Off' }) }),
    ).toEqual(['s3:PutThing  Bucket=b', '- Status: Off', '+ Status: On', 'undo  s3:PutThing with the present values']);
  });

  it('shows both calls where they are not the same, and what is special about the way back', () => {
    const put = call('PutThing', { Bucket: 'b' });
    expect(changeLines({ do: put, undo: call('DeleteThing', { Bucket: 'b' }) })).toEqual([
      's3:PutThing  Bucket=b',
      'undo  s3:DeleteThing  Bucket=b',
    ]);
    expect(changeLines({ do: put, undo: put })[1]).toContain('reverts nothing');
    expect(changeLines({ do: put, undo: 'revert-own-part' })[1]).toContain("only the rule's own part");
    expect(changeLines({ do: put, undo: call('PutThing', { Bucket: 'c' }), nearest: 'Not quite.' })).toEqual([
      's3:PutThing  Bucket=b',
      'undo  s3:PutThing  Bucket=c',
      'nearest: Not quite.',
    ]);
    expect(changeLines({ do: put, irreversible: 'It is gone then.' })[1]).toBe('irreversible: It is gone then. Requires approval.');
  });
});

describe('a table', () => {
  const rows = [
    ['arn:aws:s3:::records', 'The resource is as it should be, and was so before.'],
    ['x', 'Short.'],
  ];
  const upper = (cell: string, column: number) => (column === 1 ? cell.toUpperCase() : cell);

  it('has columns as wide as what is in them where there is room', () => {
    for (const width of [undefined, 80])
      expect(textTable(['resource', 'reason'], rows, upper, width).split('\n')).toEqual([
        'resource              reason',
        'arn:aws:s3:::records  THE RESOURCE IS AS IT SHOULD BE, AND WAS SO BEFORE.',
        'x                     SHORT.',
      ]);
  });

  it('wraps the last column alone, by words, where there is less', () => {
    expect(textTable(['resource', 'reason'], rows, upper, 56).split('\n')).toEqual([
      'resource              reason',
      'arn:aws:s3:::records  THE RESOURCE IS AS IT SHOULD BE,',
      '                      AND WAS SO BEFORE.',
      'x                     SHORT.',
    ]);
  });

  it('puts the last column below the row where there is little, and leaves ids whole', () => {
    expect(textTable(['resource', 'reason'], rows, upper, 40).split('\n')).toEqual([
      'resource',
      'arn:aws:s3:::records',
      '    THE RESOURCE IS AS IT SHOULD BE, AND',
      '    WAS SO BEFORE.',
      'x',
      '    SHORT.',
    ]);
  });

  it('takes out of its cells what could steer a terminal', () => {
    expect(textTable(['a'], [['x\u001b[2J\r\ny\u202e']], undefined, undefined)).toBe('a\nx[2J y');
  });

  it('breaks a word only where it is longer than a line', () => {
    expect(wrap('abcdefghij kl mn', 5)).toEqual(['abcde', 'fghij', 'kl mn']);
    expect(wrap('fits', 4)).toEqual(['fits']);
    expect(wrap('111122223333 arn:aws:s3:::records x', 8)).toEqual(['11112222', '3333', 'arn:aws:s3:::records', 'x']);
    expect(wrap('', 4)).toEqual(['']);
  });

  it('counts the columns that a terminal needs, not the code units', () => {
    expect(
      textTable(
        ['name', 'reason'],
        [
          ['データ', 'x'],
          ['cafe\u0301', 'y'],
          ['🙂🙂', 'z'],
        ],
        undefined,
        40,
      ).split('\n'),
    ).toEqual(['name    reason', 'データ  x', 'cafe\u0301    y', '🙂🙂    z']);
    expect(wrap('東京都のバケット', 6)).toEqual(['東京都', 'のバケ', 'ット']);
    expect(wrap('🙂🙂🙂', 5)).toEqual(['🙂🙂', '🙂']);
    expect(wrap('e\u0301e\u0301e\u0301', 2)).toEqual(['e\u0301e\u0301', 'e\u0301']);
  });

  it('wraps any text into lines that fit, loses nothing but spaces, and halves no character', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'bc', ' ', '東', '🙂', 'e\u0301', '한'), maxLength: 60 });
    fc.assert(
      fc.property(text, fc.integer({ min: -1, max: 30 }), (given, width) => {
        const lines = wrap(given, width);
        for (const line of lines) {
          expect(stringWidth(line)).toBeLessThanOrEqual(Math.max(2, width));
          expect(line).not.toMatch(/\p{Cs}|^\u0301/u);
        }
        expect(lines.join('').replaceAll(' ', '')).toBe(given.replaceAll(' ', ''));
      }),
    );
  });

  it('gives each cell a line where not even the ids fit beside each other', () => {
    const wide = [
      [
        '01K8ZJ4Y2N7T5M3Q9R6W0X1ABC',
        's3-bucket-tls-required',
        'arn:aws:s3:::records-of-the-department',
        'It waits for an approval until tomorrow.',
      ],
      ['01K8ZJ4Y2N7T5M3Q9R6W0X1ABD', 'kms-key-rotation-enabled', 'キー', 'Fixed.'],
    ];
    expect(textTable(['remediation', 'rule', 'resource', 'reason'], wide, upper, 40).split('\n')).toEqual([
      'remediation  01K8ZJ4Y2N7T5M3Q9R6W0X1ABC',
      'rule         S3-BUCKET-TLS-REQUIRED',
      'resource     arn:aws:s3:::records-of-the-department',
      'reason       It waits for an approval',
      '             until tomorrow.',
      '',
      'remediation  01K8ZJ4Y2N7T5M3Q9R6W0X1ABD',
      'rule         KMS-KEY-ROTATION-ENABLED',
      'resource     キー',
      'reason       Fixed.',
    ]);
    expect(textTable(['remediation', 'rule', 'resource', 'reason'], [], upper, 20)).toBe('remediation  rule  resource');
  });
});

describe('CSV', () => {
  it('quotes every cell, and disarms what a spreadsheet would take for a formula', () => {
    expect(
      csv(
        ['a', 'b'],
        [
          ['say "hi", all', ' =1+1'],
          ['+1', '-1'],
          ['@x', '\t=1'],
          ['a=b', 'line\nbreak'],
          ['＝1+1', '＠x'],
          ['a;=1+1;b', 'a; "@x', 'a; b - c'],
        ],
      ),
    ).toBe(
      [
        `"a","b"`,
        `"say ""hi"", all","' =1+1"`,
        `"'+1","'-1"`,
        `"'@x","' =1"`,
        `"a=b","line break"`,
        `"'＝1+1","'＠x"`,
        `"a;'=1+1;b","a; ""'@x","a; b - c"`,
      ].join('\r\n'),
    );
  });
});

describe('what is printed', () => {
  it('has no character that could steer a terminal or turn the text around', () => {
    expect(printable('a\u001b]0;x\u0007b\u009b31m\u202e\u2066c\u2028d\ne')).toBe('a]0;xb31mcd e');
    const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    const value = { text: 'a\u001b\u009b\u202e\u{e0041}b', list: ['x\ny'] };
    printJson(value);
    const said = write.mock.calls.map(([chunk]) => String(chunk)).join('');
    write.mockRestore();
    expect(said.replaceAll('\n', '')).toMatch(/^[ -~]+$/);
    expect(JSON.parse(said)).toEqual(value);
  });
});

describe('a time option', () => {
  const start = { end: false, now };
  it('takes days, times and how long ago', () => {
    expect(instant('--since', '2026-03-01', start)).toBe('2026-03-01T00:00:00.000Z');
    expect(instant('--until', '2026-03-01', { end: true, now })).toBe('2026-03-01T23:59:59.999Z');
    expect(instant('--since', '2026-03-01T10:00:00+02:00', start)).toBe('2026-03-01T08:00:00.000Z');
    expect(instant('--until', '2026-03-01T10:00Z', { end: true, now })).toBe('2026-03-01T10:00:00.000Z');
    expect(instant('--since', '90m', start)).toBe('2026-03-10T10:30:00.000Z');
    expect(instant('--since', '2w', start)).toBe('2026-02-24T12:00:00.000Z');
  });

  it('refuses what is none, and a time without an offset', () => {
    for (const text of [
      '',
      'now',
      '2026-02-30',
      '2026-02-30T10:00:00Z',
      '2026-02-29T23:00:00-05:00',
      '2026-3-1',
      '2026-03-01T10:00:00',
      '7y',
      '-7d',
      '2026-13-01',
    ])
      expect(() => instant('--since', text, start)).toThrow(
        'Specify a date (2026-03-01), a time (2026-03-01T09:30:00Z), or a duration before now',
      );
  });
});

describe('the nearest name', () => {
  it('is the one that was likely meant, if any was', () => {
    const names = ['s3-bucket-tls-required', 's3-bucket-versioning-enabled', 'kms-key-rotation-enabled'];
    expect(nearest('s3-bucket-versionning-enabled', names)).toBe('s3-bucket-versioning-enabled');
    expect(nearest('KMS-key-rotation', names)).toBe('kms-key-rotation-enabled');
    expect(nearest('versioning', names)).toBe('s3-bucket-versioning-enabled');
    expect(nearest('something else entirely', names)).toBeUndefined();
    expect(nearest('off', ['on', 'of', 'fix'])).toBe('of');
    expect(nearest('abcdef', ['abxxef', 'abxxxf'])).toBe('abxxef');
    expect(nearest('abcdef', ['abxxxf'])).toBeUndefined();
  });

  it('is the first by name of those as near', () => {
    expect(nearest('modes', ['nodes', 'codes'])).toBe('codes');
  });
});

describe('an error, explained', () => {
  const named = (name: string, message: string) => Object.assign(new Error(message), { name });

  it('says first what to do, then what AWS said', () => {
    const cases: [Error, RegExp][] = [
      [
        named('ExpiredTokenException', 'The security token included in the request is expired'),
        /^The AWS credentials have expired\. Sign in again/,
      ],
      [
        named('CredentialsProviderError', 'The SSO session associated with this profile has expired.'),
        /^The AWS credentials have expired\./,
      ],
      [
        named('UnrecognizedClientException', 'The security token included in the request is invalid.'),
        /^AWS rejected these credentials as invalid\./,
      ],
      [
        named('UnauthorizedOperation', 'You are not authorized to perform this operation.'),
        /^Access denied: these credentials lack a permission\./,
      ],
      [
        named(
          'AccessDenied',
          'User: arn:aws:iam::1:user/a is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::2:role/b',
        ),
        /^The resource is in another account\. The member roles trust only the deployed functions/,
      ],
      [named('ThrottlingException', 'Rate exceeded'), /^AWS throttles the requests/],
      [
        named('PermanentRedirect', 'The bucket you are attempting to access must be addressed using the specified endpoint.'),
        /^The bucket is in another Region\./,
      ],
      [Object.assign(new Error(''), { code: 'ECONNREFUSED' }), /^AWS cannot be reached\./],
      [named('TypeError', 'x is not a function'), /^Unexpected error; --debug shows the stack trace\./],
    ];
    for (const [error, expected] of cases) {
      expect(explain(error)).toMatch(expected);
      expect(explain(error)).toContain(error.message);
      expect(explain(error)).not.toContain('    at ');
    }
  });

  it('is shown as it is where it is ours, and on one line where it is not', () => {
    expect(explain(new Unable('Do that.'))).toBe('Do that.');
    expect(sentence(new Error('one\n\ttwo\u001b[31m'))).toBe('one two[31m');
    expect(sentence('x'.repeat(9000)).length).toBeLessThan(2100);
  });
});

describe('work on many things', () => {
  it('is done for each, in the order of the things, and never for too many at once', async () => {
    let running = 0;
    let most = 0;
    const results = await eachOf([30, 1, 20, 5, 1], 2, async (milliseconds, index) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      running -= 1;
      return index;
    });
    expect(results).toEqual([0, 1, 2, 3, 4]);
    expect(most).toBe(2);
    expect(await eachOf([], 4, async () => 1)).toEqual([]);
  });
});
