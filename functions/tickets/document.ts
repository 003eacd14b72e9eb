/** A text in parts, for the markup of each vendor. Every string is untrusted: the markups neutralize it. */
export type Document = readonly Block[];

export type Block =
  | { readonly heading: string }
  | { readonly text: string }
  | { readonly facts: readonly Fact[] }
  | { readonly steps: readonly Step[] }
  | { readonly list: readonly string[] }
  /** Several lines, shown as they are. */
  | { readonly code: string };

export interface Fact {
  readonly label: string;
  readonly given: string;
}

/** A sentence, and a command to copy. */
export interface Step {
  readonly text: string;
  readonly command?: string;
}

/** Below the limits of all vendors: Jira allows 32,767 characters, and its markup adds to them. */
export const maxDocument = 24_000;

/** The first blocks that are within the limit, and a sentence about the rest. */
export function shortened(document: Document, max = maxDocument): Document {
  let left = max;
  const kept: Block[] = [];
  for (const block of document) {
    left -= JSON.stringify(block).length;
    if (left < 0) return [...kept, { text: 'The rest is omitted because of the size limit. The log contains all.' }];
    kept.push(block);
  }
  return kept;
}
