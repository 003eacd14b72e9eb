import { compareDeb } from '../../../../rules/ssm/package/deb';
import { architectures, compareVersions, managerOf } from '../../../../rules/ssm/package/manager';
import { compareRpm } from '../../../../rules/ssm/package/rpm';
import * as fc from '../../../fast-check';

/** https://github.com/rpm-software-management/rpm/blob/master/tests/rpmvercmp.at, and epochs. */
const rpm: readonly (readonly [string, string, number])[] = [
  ['1.0', '1.0', 0],
  ['1.0', '2.0', -1],
  ['2.0.1', '2.0.1', 0],
  ['2.0', '2.0.1', -1],
  ['2.0.1a', '2.0.1', 1],
  ['5.5p1', '5.5p2', -1],
  ['5.5p10', '5.5p1', 1],
  ['10xyz', '10.1xyz', -1],
  ['xyz10', 'xyz10.1', -1],
  ['xyz.4', '8', -1],
  ['xyz.4', '2', -1],
  ['5.5p2', '5.6p1', -1],
  ['5.6p1', '6.5p1', -1],
  ['6.0.rc1', '6.0', 1],
  ['10b2', '10a1', 1],
  ['1.0aa', '1.0a', 1],
  ['10.0001', '10.1', 0],
  ['10.0001', '10.0039', -1],
  ['4.999.9', '5.0', -1],
  ['20101121', '20101122', -1],
  ['2_0', '2.0', 0],
  ['a+', 'a_', 0],
  ['1.0~rc1', '1.0', -1],
  ['1.0~rc1', '1.0~rc2', -1],
  ['1.0~rc1~git123', '1.0~rc1', -1],
  ['1.0^', '1.0', 1],
  ['1.0^git1', '1.0', 1],
  ['1.0^git1', '1.01', -1],
  ['1.0^20160101', '1.0.1', -1],
  ['1.0^20160101^git1', '1.0^20160102', -1],
  ['1.0~rc1^git1', '1.0~rc1', 1],
  ['1.0^git1~pre', '1.0^git1', -1],
  ['1:1.0-1', '2.0-1', 1],
  ['0:1.0-1', '1.0-1', 0],
  ['1:1.1.1k-7.amzn2', '1:1.1.1k-9.amzn2', -1],
  ['4.14.355-275.570.amzn2', '4.14.355-275.572.amzn2', -1],
  ['4.14.355-275.572.amzn2', '4.14.355', 1],
  ['99999999999999999999.1', '99999999999999999999.2', -1],
];

/** https://salsa.debian.org/dpkg-team/dpkg/-/blob/main/lib/dpkg/t/t-version.c, and versions of Ubuntu. */
const deb: readonly (readonly [string, string, number])[] = [
  ['0:0-0', '0:0-0', 0],
  ['0:0-00', '0:00-0', 0],
  ['1:2-3', '1:2-3', 0],
  ['0:a-0', '0:b-0', -1],
  ['1:0', '0:9', 1],
  ['1.0', '1.0-0', 0],
  ['1.0~rc1-1', '1.0-1', -1],
  ['1.0~~', '1.0~', -1],
  ['1.0~', '1.0', -1],
  ['1.0', '1.0a', -1],
  ['1.0a', '1.0+', -1],
  ['1.2.3-1', '1.2.3-1ubuntu0.1', -1],
  ['1.1.1f-1ubuntu2.16', '1.1.1f-1ubuntu2.9', 1],
  ['2:8.39-12ubuntu0.1', '2:8.39-12build1', 1],
  ['7.68.0-1ubuntu2.18', '7.68.0-1ubuntu2.22', -1],
  ['1.0-1-1', '1.0-1-2', -1],
  ['5.15.0-100.110', '5.15.0-91.101', 1],
];

describe.each([
  ['rpm', compareRpm, rpm],
  ['deb', compareDeb, deb],
] as const)('versions of %s', (manager, compare, vectors) => {
  it.each(vectors)('%s compared with %s gives %i', (one, other, order) => {
    expect(Math.sign(compare(one, other))).toBe(order);
    expect(Math.sign(compare(other, one)) + order).toBe(0);
    expect(compareVersions(manager, one, other)).toBe(compare(one, other));
  });

  const version = fc.oneof(fc.stringMatching(/^(\d:)?[0-9a-z.+~^-]{0,12}$/), fc.constantFrom(...vectors.map(([one]) => one)));

  it('are in a total order: reflexive, antisymmetric and transitive', () => {
    fc.assert(
      fc.property(version, version, version, (one, other, third) => {
        expect(compare(one, one)).toBe(0);
        expect(Math.sign(compare(one, other)) + Math.sign(compare(other, one))).toBe(0);
        if (compare(one, other) <= 0 && compare(other, third) <= 0) expect(compare(one, third)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 2000 },
    );
  });

  it('an epoch decides over all else, and one that is left out is 0', () => {
    const plain = fc.stringMatching(/^[0-9][0-9a-z.]{0,10}-[0-9a-z]{1,4}$/);
    fc.assert(
      fc.property(plain, plain, (one, other) => {
        expect(compare(`1:${one}`, other)).toBeGreaterThan(0);
        expect(compare(`0:${one}`, one)).toBe(0);
        expect(Math.sign(compare(`7:${one}`, `7:${other}`))).toBe(Math.sign(compare(one, other)));
      }),
    );
  });
});

describe('the package manager of an operating system', () => {
  it.each([
    ['Amazon Linux', 'rpm'],
    ['Amazon Linux AMI', 'rpm'],
    ['AlmaLinux', 'rpm'],
    ['CentOS Stream', 'rpm'],
    ['Red Hat Enterprise Linux Server', 'rpm'],
    ['SLES', 'rpm'],
    ['Ubuntu', 'deb'],
    ['Debian GNU/Linux', 'deb'],
    ['Microsoft Windows Server 2022 Datacenter', undefined],
    ['Bottlerocket OS', undefined],
    ['macOS', undefined],
    ['unknown', undefined],
    ['My Amazon Linux', undefined],
  ])('%s is %s', (system, manager) => expect(managerOf(system)).toBe(manager));

  it('has architectures for packages of which Inspector does not name one', () => {
    expect(architectures.rpm).toContain('noarch');
    expect(architectures.deb).toContain('all');
  });
});
