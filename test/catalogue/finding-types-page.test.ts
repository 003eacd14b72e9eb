import { loadRules } from '../../functions/catalogue/catalogue';
import { leftToPeople } from './left-to-people';
import { findingTypesPage, handledTypes, mayBeAutomatic } from './markdown/finding-types-page';

const handled = handledTypes(loadRules());

describe('the page of the finding types', () => {
  it('has at least 60 types of GuardDuty, of which at least 20 can be automatic', () => {
    const types = handled.filter(({ service }) => service === 'GuardDuty');
    const automatic = types.filter(({ entry }) => mayBeAutomatic(entry.rule));
    expect(new Set(types.map(({ type }) => type)).size).toBeGreaterThanOrEqual(60);
    expect(new Set(automatic.map(({ type }) => type)).size).toBeGreaterThanOrEqual(20);
  });

  it('leaves no type to people that a rule handles', () => {
    const left = leftToPeople.flatMap(({ types }) => types);
    expect(left.filter((one) => handled.some(({ type }) => type.startsWith(one)))).toEqual([]);
  });

  it('counts a type once that several rules handle, and says that what cannot be undone asks', () => {
    const page = findingTypesPage(loadRules());
    const distinct = new Set(handled.flatMap(({ service, type }) => (service === 'GuardDuty' ? [type] : []))).size;
    expect(page).toMatch(new RegExp(`^\\| GuardDuty \\| ${distinct} \\| \\d+ \\|$`, 'm'));
    expect(page).toMatch(/^\| Inspector \| `PACKAGE_VULNERABILITY\/AWS_EC2_INSTANCE`, CRITICAL or HIGH \| Asks: it cannot be undone \|/m);
  });
});
