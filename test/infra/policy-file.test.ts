import { loadRules } from '../../functions/catalogue/catalogue';
import { PolicyFileError, policyIn } from '../../infra/policy-file';

const entries = loadRules();

describe('the policy of a deployment', () => {
  it('is printed to need attention where an exemption has ended, and deployed all the same', () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
    const { exemptions } = policyIn('exemptions: [{ reason: old, owner: web, expires: 2020-01-31 }]', entries, 'posture.yaml');
    expect(exemptions).toHaveLength(1);
    expect(warn.mock.calls).toEqual([
      ['Warning: posture.yaml, line 1, exemptions[0].expires: the exemption expired after 2020-01-31. Remove it, or renew it with web.'],
    ]);
  });

  it('is refused with all its faults', () => {
    expect(() => policyIn('mdoes: {}\nwindws: []', entries, 'posture.yaml')).toThrow(PolicyFileError);
    expect(() => policyIn('mdoes: {}\nwindws: []', entries, 'posture.yaml')).toThrow(/Did you mean modes\?.*Did you mean windows\?/s);
  });
});
