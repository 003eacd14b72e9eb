/** Gathers the metrics of the functions in a test file; each test begins with none. */
export function useMetrics(): { sum(name: string): number } {
  const write = process.stdout.write;
  const lines: Readonly<Record<string, unknown>>[] = [];
  beforeAll(() => {
    process.stdout.write = ((chunk: string, ...more: never[]) => {
      if (!`${chunk}`.startsWith('{"_aws"')) return write.call(process.stdout, chunk, ...more);
      lines.push(JSON.parse(chunk));
      return true;
    }) as typeof write;
  });
  beforeEach(() => {
    lines.length = 0;
  });
  afterAll(() => {
    process.stdout.write = write;
  });
  return { sum: (name) => lines.reduce((sum, line) => sum + Number(line[name] ?? 0), 0) };
}
