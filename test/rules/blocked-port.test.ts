import rule from '../../rules/ec2/security-group-admin-ports-closed';
import type { MappedParameter } from '../../rules/rule';

const blockedPort1 = rule.detectorParameters?.['restricted-common-ports']?.['blockedPort1'] as MappedParameter | undefined;

test.each([
  ['65535', [65_535]],
  ['65536', undefined],
  ['22,70000', undefined],
])('a blocked port of %s is read as a port or not at all', (text, read) => {
  expect(blockedPort1?.read(text)).toEqual(read);
});
