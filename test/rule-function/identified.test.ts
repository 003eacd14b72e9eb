import type { Attempt } from '../../functions/findings/attempt';
import { identified } from '../../functions/rule-function/identified';
import { readEvent } from '../../functions/sources/read-event';
import rule from '../../rules/s3/bucket-versioning-enabled';
import { configComplianceChange } from '../events/config';

const event = configComplianceChange({ rule: 's3-bucket-versioning-enabled', resourceType: 'AWS::S3::Bucket', resourceId: 'records' });
const {
  findings: [read],
} = readEvent(rule, event, {});
const unasked = {
  describe: () => Promise.reject(new Error('asked')),
  policy: async () => ({ configRules: {} }),
};

/** A finding that does not name the Config rule, as the log has it. */
const unnamed = (more: Partial<Attempt> = {}): Attempt => {
  const { configRule: _, ...finding } = read as NonNullable<typeof read>;
  return { finding, number: 0, ...more };
};

it('a finding that does not name its Config rule is not handled', async () => {
  expect(await identified(rule, { findings: [unnamed()], refusals: [] }, unasked)).toMatchObject({
    findings: [],
    refusals: [{ kind: 'ignored', code: 'other-config-rule', reason: 'The message does not name the Config rule.' }],
  });
});

it.each([{ remediation: '01K6Z3NDEKTSV4RRFFQ69G5FAV' }, { open: 'arn:aws:s3:::records' }])(
  'unless it continues a remediation, by %o: that was identified when it began',
  async (more) => {
    const attempt = unnamed(more);
    expect(await identified(rule, { findings: [attempt], refusals: [] }, unasked)).toEqual({ findings: [attempt], refusals: [] });
  },
);
