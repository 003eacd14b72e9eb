import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

/** The file of a rule, and those below its service's folder that it imports, be it through others: the factory, the readers, the resource. */
export function ownFiles(rule: string): readonly string[] {
  const found = new Set([rule]);
  // What is added while it is gone through is gone through too.
  for (const file of found) for (const imported of importsOf(file)) if (imported.startsWith(`${dirname(rule)}${sep}`)) found.add(imported);
  return [...found];
}

const importsOf = (file: string): readonly string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^(?:import|export) [^;]*? from '(\.[^']*)';$/gms)]
    .map(([, name = '']) => join(dirname(file), `${name}.ts`))
    .filter(existsSync);
