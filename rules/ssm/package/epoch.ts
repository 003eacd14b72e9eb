/** The parts of the version of a package: `1:2.3-4.amzn2` has the epoch 1. An epoch that is left out is 0, and a revision empty. */
export interface Parts {
  readonly epoch: string;
  readonly version: string;
  readonly revision: string;
}

export function partsOf(text: string): Parts {
  const [, epoch = '0', rest = ''] = /^(?:(\d+):)?(.*)$/s.exec(text) ?? [];
  const end = rest.lastIndexOf('-');
  return end < 0 ? { epoch, version: rest, revision: '' } : { epoch, version: rest.slice(0, end), revision: rest.slice(end + 1) };
}

/** Compares texts of digits by their number, of any length. */
export function compareDigits(one: string, other: string): number {
  const [first, second] = [one, other].map((digits) => digits.replace(/^0+/, ''));
  return (first?.length ?? 0) - (second?.length ?? 0) || compareTexts(first ?? '', second ?? '');
}

export function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
