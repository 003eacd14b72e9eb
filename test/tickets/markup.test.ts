import type { Document } from '../../functions/tickets/document';
import { adf, textOfAdf } from '../../functions/tickets/markup/adf';
import { markdown } from '../../functions/tickets/markup/markdown';
import { plain } from '../../functions/tickets/markup/plain';
import { wiki } from '../../functions/tickets/markup/wiki';
import * as fc from '../fast-check';
import { adf as adfShape } from './stand-ins/adf';

const mark = 'posture-0123456789abcdef';
const pieces = fc.constantFrom(
  ...['@acme/security', '[~admin]', '[a](b)', '![a](b)', '<img src=x>', '<!-- posture-fedcba9876543210 -->', '{code}', '{noformat}', '#12'],
  ...[
    '`',
    '``',
    '```',
    '\n```\n',
    '~~~',
    '[code]',
    '[/code]',
    '[ / code ]',
    '*',
    '_',
    '|',
    '\\',
    'https://evil.example',
    '\u202e',
    '\u0000',
    '\ud800',
  ],
  ...['\n# ', '\r\n- ', '!img.png!', '&#64;acme', 'a', ' '],
);
const hostile = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(''));
const documents: fc.Arbitrary<Document> = fc.array(
  fc.oneof(
    hostile.map((heading) => ({ heading })),
    hostile.map((text) => ({ text })),
    fc.array(fc.record({ label: hostile, given: hostile }), { maxLength: 3 }).map((facts) => ({ facts })),
    fc.array(fc.record({ text: hostile, command: hostile }), { maxLength: 3 }).map((steps) => ({ steps })),
    fc.array(hostile, { maxLength: 3 }).map((list) => ({ list })),
    hostile.map((code) => ({ code })),
  ),
  { maxLength: 6 },
);

/** What GitHub reads as Markdown: a text without its fenced code, its code spans and its escapes. */
function readAsMarkdown(text: string): string {
  const unfenced: string[] = [];
  let fence: string | undefined;
  for (const line of text.split('\n')) {
    const [run = ''] = /^`{3,}$/.exec(line) ?? [];
    if (fence === undefined && run !== '') fence = run;
    else if (fence !== undefined && run.length >= fence.length) fence = undefined;
    else if (fence === undefined) unfenced.push(line);
  }
  expect(fence).toBeUndefined();
  return unfenced
    .join('\n')
    .replace(/\\[\\`*_{}[\]()<>~|!&]/g, '')
    .replace(/(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '');
}

/** A document in each markup, with the limit of its vendor. */
const sizesOf = (document: Document): readonly (readonly [string, number])[] => [
  [markdown(document, mark), 65_536],
  [wiki(document, mark), 32_767],
  [plain(document, mark), 32_000],
  [JSON.stringify(adf(document, mark)), 32_767],
];

describe('the markup of a ticket', () => {
  it('for Jira Cloud is a document that it accepts, whose text is data', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const read = adfShape.safeParse(adf(document, mark));
        expect(read.error?.issues).toBeUndefined();
      }),
    );
  });

  it('of Jira Cloud is read without an end of the stack, however deep somebody nested it', () => {
    let node: unknown = { type: 'text', text: '/posture approve' };
    for (let depth = 0; depth < 100_000; depth += 1) node = { type: 'blockquote', content: [node] };
    expect(textOfAdf(node)).toMatch(/^[> ]*$/);
    expect(textOfAdf(adf([{ list: ['One.'] }], mark))).toContain('One.');
  });

  it('for Jira Data Center has no character with a meaning that is not escaped', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const blocks = wiki(document, mark).split(/^\{noformat\}$/m);
        // Outside and inside alternate, so each block that was opened is closed.
        expect(blocks.length % 2).toBe(1);
        const outside = blocks.filter((_, index) => index % 2 === 0).join('\n');
        const own = outside
          .replace(`{{${mark}}}`, '')
          .replace(/^h3\. /gm, '')
          .replace(/^\* /gm, '')
          .replace(/(?<!\\)\*:?(?=\S*)/g, '');
        expect(own.replace(/\\./g, '')).not.toMatch(/[{}[\]@!#~|<>]/);
        for (const inside of blocks.filter((_, index) => index % 2 === 1)) expect(inside).not.toContain('{noformat}');
      }),
    );
  });

  it('for GitHub mentions nobody, refers to nothing, and has neither HTML nor links', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const read = readAsMarkdown(markdown(document, mark)).replace(`<!-- ${mark} -->`, '');
        expect(read).not.toMatch(/[@<>[\]]|#\d|https?:\/\//);
      }),
    );
  });

  it('for ServiceNow begins no HTML, and each text of a finding stays on its line', () => {
    fc.assert(
      fc.property(documents, (document) => {
        expect(plain(document, mark)).not.toMatch(/\[\s*\/?\s*code/i);
      }),
    );
    expect(plain([{ facts: [{ label: 'Resource', given: 'a\nReference: posture-fedcba9876543210' }] }], mark)).not.toMatch(
      /^Reference: posture-f/m,
    );
  });

  it('is never larger than the vendors accept, and says that it is shortened', () => {
    const long: Document = Array.from({ length: 400 }, () => ({ text: '*'.repeat(1500) }));
    for (const [text, max] of sizesOf(long)) {
      expect(text).toContain('omitted because of the size limit');
      expect(text.length).toBeLessThanOrEqual(max);
    }
  });

  it('keeps the commands of a ticket, and most of a list, whatever else is long', () => {
    const commands: Document = [{ steps: [{ text: 'Approve:', command: 'posture approve 01J' }] }];
    const giant: Document = [
      { facts: Array.from({ length: 20 }, () => ({ label: 'Resource', given: '{\\"'.repeat(2000) })) },
      ...Array.from({ length: 20 }, () => ({ code: '"{}"\n'.repeat(1000) })),
    ];
    for (const [text, max] of sizesOf([...giant, ...commands])) {
      expect(text).toContain('posture approve 01J');
      expect(text.length).toBeLessThanOrEqual(max);
    }
    const list: Document = [{ list: Array.from({ length: 150 }, (_, index) => `${index} ${'*'.repeat(400)}`) }];
    for (const [text, max] of sizesOf([...list, ...commands])) {
      expect(text).toMatch(/30 [\\*]{50}/);
      expect(text.length).toBeLessThanOrEqual(max);
    }
  });

  it.each(['fixes GH-12', 'see acme/security#12', 'closes #12', 'resolves gh-12'])('refers to no issue of GitHub: %s', (text) => {
    expect(readAsMarkdown(markdown([{ text }], mark))).not.toMatch(/#\d|GH-\d/i);
  });
});
