import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CatalogueEntry, loadRules } from '../../functions/catalogue/catalogue';
import { controls } from './controls';
import { coverage } from './coverage';
import { severitiesPage, standardsPage } from './markdown/controls-pages';
import { detectorsPage } from './markdown/detectors-page';
import { findingTypesPage } from './markdown/finding-types-page';
import { indexPage } from './markdown/index-page';
import { servicePage } from './markdown/service-page';
import { omissions } from './omissions';

/** The folder in which the pages stand. */
export const folder = join(__dirname, '../../rules');

/** The pages of the catalogue for people, by their path below `rules`: one with all rules, two with all controls,
 * one with the detectors, one with the finding types of other services, and one a service. */
export function pages(entries: readonly CatalogueEntry[] = loadRules()): ReadonlyMap<string, string> {
  const rules = entries.map(({ rule }) => rule);
  const services = [...new Set(entries.map(({ service }) => service))];
  const ofService = (name: string) => entries.filter(({ service }) => service === name).map(({ rule }) => rule);
  return new Map([
    ['README.md', indexPage(entries, coverage(rules, controls, omissions), omissions)],
    ['severities.md', severitiesPage(entries, controls)],
    ['standards.md', standardsPage(entries, controls)],
    ['detectors.md', detectorsPage(entries)],
    ['finding-types.md', findingTypesPage(entries)],
    ...services.map((service) => [join(service, 'README.md'), servicePage(service, ofService(service))] as const),
  ]);
}

/** Those that are not there, or not as they would be written now, or of a service without rules. */
export function stalePages(written: ReadonlyMap<string, string>): readonly string[] {
  const there = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md'));
  const read = (file: string) => (existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : undefined);
  return [...new Set([...there, ...written.keys()])].filter((file) => read(file) !== written.get(file));
}
