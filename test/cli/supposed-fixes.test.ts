import { supposedFixes } from '../../functions/cli/explain/supposed-fixes';
import { bucket } from '../../rules/s3/bucket/resource';
import { factsWith } from '../decision/facts';

const resource = {
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
  type: bucket.type,
  id: 'shop',
  arn: 'arn:aws:s3:::shop',
};
const cap = { of: 'account 111122223333', what: 'contained resources', max: 1, member: resource.arn };

it('what a simulation contains counts under the caps of what comes after it', () => {
  const supposed = supposedFixes();
  const before = factsWith({ recorded: { capped: { [cap.of]: ['other'] } } });
  supposed.add({ rule: { id: 's3-bucket-locked', resource: bucket }, resource, changes: [], caps: [cap] });
  expect(supposed.countIn(before)).toMatchObject({ recorded: { known: { capped: { [cap.of]: ['other', resource.arn] } } } });
});
