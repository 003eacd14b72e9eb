import { loadRules } from '../../functions/catalogue/catalogue';
import { page, pages, read, section } from './pages';

const files = ['posture.yaml', 'posture.schema.json', 'functions/outcomes/outcome-event.v1.schema.json'];

const withoutGlossary = (name: string): string =>
  name === 'CONTRIBUTING.md' ? page(name).replace(section(name, 'Glossary'), '') : page(name);

/** What operators and auditors read, beside the help of the commands: the pages, the files, and the texts of the rules. */
export const publicTexts: ReadonlyMap<string, string> = new Map([
  ...[...pages.keys()].map((name) => [name, withoutGlossary(name)] as const),
  ...files.map((file) => [file, read(file)] as const),
  ...loadRules().map(({ rule: { id, title, why, impact } }) => [`the rule ${id}`, [title, why, impact].join('\n')] as const),
]);
