import { sanitize } from '../untrusted-text';
import type { Block, Document } from './document';

interface Limits<Made> {
  /** Characters that the vendor accepts. */
  readonly max: number;
  readonly render: (document: Document) => Made;
  readonly sizeOf: (made: Made) => number;
}

/**
 * A document in the markup of a vendor, within its limit: what an attacker names must not keep a ticket from being written. Long texts are shortened
 * first, then code is left out, then the ends of lists, and at last the end of the document; each is said. The commands come last, and are short.
 */
export function fitted<Made>(document: Document, { max, render, sizeOf }: Limits<Made>): Made {
  let made = render(document);
  // Markup adds to the texts, at worst several times: how much is only known afterwards.
  for (const share of [0.8, 0.5, 0.3, 0.2, 0.1, 0.05]) {
    if (sizeOf(made) <= max) break;
    made = render(shortened(document, Math.floor(max * share)));
  }
  return made;
}

const omitted = 'because of the size limit. The log contains all.';
const weightOf = (part: unknown): number => JSON.stringify(part).length;

function shortened(document: Document, max: number): Document {
  const steps = [withTexts(1000), withTexts(300), withoutCode(300)];
  const tries = steps.map((step) => document.map(step));
  return tries.find((one) => weightOf(one) <= max) ?? cut(tries.at(-1) ?? [], max);
}

const withTexts =
  (length: number) =>
  (block: Block): Block => {
    const short = (text: string) => sanitize(text, length);
    if ('heading' in block) return { heading: short(block.heading) };
    if ('text' in block) return { text: short(block.text) };
    if ('facts' in block) return { facts: block.facts.map(({ label, given }) => ({ label, given: short(given) })) };
    if ('steps' in block) return { steps: block.steps.map((step) => ({ ...step, text: short(step.text) })) };
    if ('list' in block) return { list: block.list.map(short) };
    return block.code.length <= 4 * length ? block : { code: `${block.code.slice(0, 4 * length)}\n… The log contains all.` };
  };

const withoutCode =
  (length: number) =>
  (block: Block): Block =>
    'code' in block ? { text: `Omitted ${omitted}` } : withTexts(length)(block);

/** The first blocks that are within the limit, the last of them in part if it is a list. */
function cut(document: Document, max: number): Document {
  let left = max;
  const kept: Block[] = [];
  for (const block of document) {
    const before = left;
    left -= weightOf(block);
    if (left >= 0) kept.push(block);
    else return [...kept, ...('list' in block ? cutList(block.list, before) : []), { text: `The rest is omitted ${omitted}` }];
  }
  return kept;
}

function cutList(list: readonly string[], max: number): readonly Block[] {
  let left = max;
  const kept = list.slice(
    0,
    list.findIndex((item) => {
      left -= weightOf(item);
      return left < 0;
    }),
  );
  return kept.length === 0 ? [] : [{ list: kept }, { text: `${list.length - kept.length} more of the list are omitted.` }];
}
