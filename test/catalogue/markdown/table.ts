/** A table of Markdown, as lines. The cells are Markdown themselves. */
export const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): readonly string[] => [
  line(head),
  `|${head.map(() => '---|').join('')}`,
  ...rows.map(line),
];

const line = (cells: readonly (string | number)[]): string => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
