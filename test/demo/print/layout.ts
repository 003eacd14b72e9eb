/** Lines of text in columns of these widths, each cell wrapped at spaces and hyphens, and painted afterwards. */
export function columns(
  cells: readonly string[],
  widths: readonly number[],
  paint: (text: string, column: number) => string,
): readonly string[] {
  const wrapped = cells.map((cell, column) => cell.split('\n').flatMap((line) => wrap(line, widths[column] ?? 0)));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, row) =>
    wrapped
      .map((lines, column) => {
        const text = lines[row] ?? '';
        return (text === '' ? '' : paint(text, column)) + ' '.repeat(Math.max(0, (widths[column] ?? 0) - text.length));
      })
      .join('  ')
      .trimEnd(),
  );
}

/** The text in lines that are no longer than the width; a word that is longer by itself is cut. */
export function wrap(text: string, width: number): readonly string[] {
  const lines = [''];
  for (const piece of text.match(/[^\s-]+-?|-|\s+/g) ?? []) {
    const line = lines.at(-1) ?? '';
    // What does not fit of it stood at the end of the line, where it is left out.
    let rest = piece.trim() === '' ? piece.slice(0, width - line.length) : piece;
    if (line !== '' && line.length + rest.length > width) lines.push('');
    while (rest.length > width) {
      lines[lines.length - 1] = rest.slice(0, width);
      lines.push('');
      rest = rest.slice(width);
    }
    lines[lines.length - 1] += rest;
  }
  return lines.map((line) => line.trimEnd());
}
