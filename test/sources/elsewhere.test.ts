import { retryMessage } from '../../functions/findings/retry-message';
import { readEvent } from '../../functions/sources/read-event';
import { readMessage } from '../../functions/sources/read-message';
import rule from '../../rules/cloudtrail/log-file-validation-enabled';
import { trail } from '../../rules/cloudtrail/trail/resource';
import { configComplianceChange } from '../events/config';
import { securityHubImported } from '../events/security-hub';

const account = '111122223333';
const at = (region: string, owner: string) => `arn:aws:cloudtrail:${region}:${owner}:trail/all`;

// As AWS reports them: of an organization, by Security Hub and by AWS Config, and the shadow of a trail of all Regions.
const events = {
  'the trail of an organization': securityHubImported({
    control: 'CloudTrail.4',
    resource: { type: 'AWS::CloudTrail::Trail', arn: at('eu-west-1', '999988887777') },
  }),
  'the trail of an organization, by AWS Config': configComplianceChange({
    rule: 'cloud-trail-log-file-validation-enabled',
    resourceType: 'AWS::CloudTrail::Trail',
    resourceId: at('eu-west-1', '999988887777'),
  }),
  'the shadow of a trail of all Regions': securityHubImported({
    control: 'CloudTrail.4',
    resource: { type: 'AWS::CloudTrail::Trail', arn: at('us-east-1', account) },
  }),
};

it.each(Object.entries(events))('%s is a finding, also when it is handed on', (_, event) => {
  const { findings, refusals } = readEvent(rule, event, { centralAccount: account });
  expect(refusals).toEqual([]);
  expect(findings).toHaveLength(1);
  const [finding] = findings;
  expect(finding && readMessage(rule, JSON.parse(JSON.stringify(retryMessage({ finding, number: 0 }))), {})).toMatchObject({
    finding: { id: finding?.id },
  });
});

it('a resource of a kind that is reported where it belongs alone is refused', () => {
  const { reportedElsewhere: _, ...kind } = trail;
  const { refusals } = readEvent({ ...rule, resource: kind }, events['the trail of an organization'], { centralAccount: account });
  expect(refusals).toMatchObject([{ kind: 'invalid', code: 'contradictory-event' }]);
});
