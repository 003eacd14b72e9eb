/**
 * Replaces the computed keys of the SDK's schemas (`[_eQN]: 'Min'`, with `const _eQN = "ec2QueryName"`) by literal ones: a computed key
 * counts as a side effect, and would keep the schemas of all operations in the bundle (EC2: 550 KB).
 */
export function withLiteralKeys(source: string): string {
  const texts = new Map([...source.matchAll(/^const (_\w+) = ("(?:[^"\\]|\\.)*");$/gm)].map(([, name, text]) => [name, text]));
  // As a literal key, `__proto__` would set the prototype.
  return source.replace(/\[(_\w+)\]:/g, (key, name: string) => {
    const text = texts.get(name);
    return text === undefined || text === '"__proto__"' ? key : `${text}:`;
  });
}
