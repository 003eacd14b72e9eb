import { isDeployment } from '../../../functions/sources/config/managed-rule';

test.each([
  ['s3-bucket-versioning-enabled', true],
  ['securityhub-s3-bucket-versioning-enabled-fe95bf3f', true],
  ['securityhub-s3-bucket-versioning-enabled-nv6rb', true],
  ['s3-bucket-versioning-enabled-conformance-pack-n0q8yfwsp', true],
  ['OrgConfigRule-s3-bucket-versioning-enabled-dbgzf8ba', true],
  ['S3-bucket-versioning-enabled', false],
  ['s3-bucket-versioning-enabled-periodic', false],
  ['securityhub-s3-bucket-versioning-enabled', false],
  ['securityhub-s3-bucket-versioning-enabled-', false],
  ['securityhub-s3-bucket-versioning-enabled-periodic-fe95bf3f', false],
  ['securityhub-my-s3-bucket-versioning-enabled-fe95bf3f', false],
  ['s3-bucket-versioning-enabled-conformance-pack-', false],
  ['s3-bucket-versioning-enabled-conformance-pack-n0q8-yfwsp', false],
  ['s3-bucket-versioning-enabled-periodic-conformance-pack-n0q8yfwsp', false],
  ['my-s3-bucket-versioning-enabled', false],
  ['OrgConfigRule-s3-bucket-versioning-enabled', false],
  ['OrgConfigRule-my-s3-bucket-versioning-enabled-dbgzf8ba', false],
  ['OrgConfigRule-s3-bucket-versioning-enabled-periodic-dbgzf8ba', false],
  ['securityhub-OrgConfigRule-s3-bucket-versioning-enabled-dbgzf8ba', false],
])('that the Config rule %s is s3-bucket-versioning-enabled is %s', (deployed, expected) => {
  expect(isDeployment('s3-bucket-versioning-enabled', deployed)).toBe(expected);
});
