import { loadRules } from '../../functions/catalogue/catalogue';
import { casesOf } from './declared-cases';
import { type Documented, documented, documentedOf, pageOf } from './detectors';
import { detectorsPage } from './markdown/detectors-page';
import { ownParameters } from './markdown/own-parameters';

const entries = loadRules();
const page = detectorsPage(entries);

/** The lines that begin with the link to the page of a detector, by its name. */
const linesOf = (text: string) =>
  [...text.matchAll(/^- \[`?([\w.-]+)`?\]\((\S+)\).*$/gm)].map(([line, name = '', address = '']) => ({ name, address, line }));
const sectionOf = (id: string, text = page): string => text.split(`\n### ${id}\n`)[1]?.split(/^##/m)[0] ?? '';

/** The page where AWS documents this of each detector. */
const pageWhere = (change: (known: Documented) => Partial<Documented>) =>
  detectorsPage(entries, (name) => {
    const known = documentedOf(name);
    return known && { ...known, ...change(known) };
  });

describe('the page of the detectors', () => {
  it('has each covered control and Config rule exactly once, with the address of its page', () => {
    const covered = entries.flatMap(({ rule }) => [...rule.detectedBy.securityHub, ...rule.detectedBy.config]);
    const lines = linesOf(page);
    expect(lines.map(({ name }) => name).toSorted()).toEqual(covered.toSorted());
    expect(covered.length).toBe(new Set(covered).size);
    expect(lines.filter(({ name, address }) => address !== pageOf(name))).toEqual([]);
  });

  it('has each of them in the section of its rule', () => {
    for (const { rule } of entries)
      expect(
        linesOf(sectionOf(rule.id))
          .map(({ name }) => name)
          .toSorted(),
      ).toEqual([...rule.detectedBy.securityHub, ...rule.detectedBy.config].toSorted());
  });

  it('shows a Config rule right after the last control that names it', () => {
    const names = linesOf(sectionOf('rds-snapshot-not-public')).map(({ name }) => name);
    expect(names.indexOf('rds-snapshots-public-prohibited')).toBe(names.indexOf('RDS.1') + 1);
    expect(linesOf(sectionOf('iam-password-policy-strong')).at(-1)?.line).toContain('the Config rule of IAM.7, IAM.10,');
  });

  it('claims no reading day that the table does not have', () => {
    for (const { name, line } of linesOf(page))
      expect([name, line.match(/read on (\S+)\./)?.[1] ?? null]).toEqual([name, documentedOf(name)?.read]);
    const unread = pageWhere(() => ({ read: null, trigger: null }));
    expect(
      linesOf(unread).filter(({ line }) => !line.includes('not read, as no copy of the page was found. Counts as evaluated periodically.')),
    ).toEqual([]);
    expect(unread).not.toContain('read on 20');
    expect(unread).toContain('| Controls | 181 | 0 | 0 | 181 |');
  });

  it('shows the trigger, the value by which AWS judges, and how long an evaluation takes, as the table has them', () => {
    const all = Object.entries({ ...documented.securityHub, ...documented.config });
    const byName = new Map(linesOf(page).map(({ name, line }) => [name, line]));
    for (const [name, { trigger, within }] of all) {
      expect(byName.get(name)).toContain(trigger === 'periodic' ? 'Evaluated periodically.' : 'Evaluated at a change');
      if (within) expect(byName.get(name)).toContain(`within ${within.hours} hours: ${within.why}`);
    }
    expect(sectionOf('ec2-instance-stopped-removed')).toContain('`AllowedDays`, judges by `30`: sets `allowedDays`');
    expect(pageWhere(() => ({ parameters: { AllowedDays: '31' } }))).toContain('`AllowedDays`, judges by `31`');
  });

  it('says of each rule what it does not do: parameters, obstacles, what it asks for, and what cannot be undone', () => {
    for (const { rule, file } of entries) {
      const own = sectionOf(rule.id);
      const { unfixable, blocked, irreversible, nearest } = casesOf(file);
      for (const { sentence } of [...unfixable, ...blocked, ...irreversible, ...nearest]) expect(own).toContain(`  - ${sentence}`);
      for (const [name, parameter] of Object.values(rule.detectorParameters ?? {}).flatMap((one) => Object.entries(one)))
        if ('unmappable' in parameter)
          expect(own).toMatch(new RegExp(`^- Ends \`unfixable\` if .*\`${name}\`.*: ${escaped(parameter.unmappable)}$`, 'm'));
      expect(own.includes('nothing unless the policy names it')).toBe(rule.risk === 'disruptive');
      for (const { name, isRequired } of ownParameters(rule)) expect(own.includes(`until the policy sets \`${name}\`.`)).toBe(isRequired);
    }
    expect(sectionOf('codebuild-project-source-not-credentials')).toContain(
      'Asks for an approval in every mode, because AWS cannot undo it:',
    );
  });

  it('links each service and the section of each rule in the catalogue', () => {
    for (const { rule, service } of entries) {
      expect(page).toContain(`[${service}](#${service})`);
      expect(sectionOf(rule.id)).toContain(`([rule](${service}/README.md#${rule.id}))`);
    }
  });
});

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
