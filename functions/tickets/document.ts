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
