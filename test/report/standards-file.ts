import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadRules } from '../../functions/catalogue/catalogue';
import { controls } from '../catalogue/controls';

const file = path.resolve(__dirname, '../../functions/standards/standards.json');

/** The standards of the controls that rules fix, as a file for reports: each with its title and requirements. */
export function standardsText(): string {
  const fixed = new Set(loadRules().flatMap(({ rule }) => rule.detectedBy.securityHub));
  const lines = controls
    .filter(({ id }) => fixed.has(id))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, title, standards }) => `  ${JSON.stringify(id)}: ${JSON.stringify({ title, standards })}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}

export const writtenStandards = (): string => readFileSync(file, 'utf8');

if (require.main === module) writeFileSync(file, standardsText());
