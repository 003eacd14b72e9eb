import { loadRules } from '../../functions/catalogue/catalogue';
import { identifierOf } from '../../functions/sources/config/identifier';
import { ofCdk, ofSecurityHub, partTwins, published } from './identifiers';

const rules = loadRules().map(({ rule }) => rule);
const names = [...new Set(rules.flatMap(({ detectedBy }) => detectedBy.config))];

describe('the managed rules of the catalogue', () => {
  it.each(names)('%s has the identifier that AWS publishes', (name) => {
    const linked = ofCdk.get(name);
    if (linked) expect([...linked]).toContain(identifierOf(name));
    expect([name, published.has(identifierOf(name))]).toEqual([name, !ofSecurityHub.includes(name)]);
  });

  it('are compared with enough: AWS publishes hundreds, and most names of ours are among the pages', () => {
    expect([ofCdk.size > 250, published.size > 300, names.filter((name) => ofCdk.has(name)).length > 60]).toEqual([true, true, true]);
    expect(ofCdk.get('restricted-ssh')).toEqual(new Set(['INCOMING_SSH_DISABLED']));
  });

  it('have identifiers of their own, so that a Config rule is of one', () => {
    const identifiers = names.map(identifierOf);
    expect(identifiers.filter((one, index) => identifiers.indexOf(one) !== index)).toEqual([]);
  });

  it('of Security Hub alone are still of the catalogue', () => {
    expect(ofSecurityHub.filter((name) => !names.includes(name))).toEqual([]);
  });

  it('are none that a fix satisfies only in part', () => {
    expect(Object.keys(partTwins).filter((name) => names.includes(name))).toEqual([]);
    for (const name of Object.keys(partTwins)) expect([name, published.has(identifierOf(name))]).toEqual([name, true]);
  });
});
