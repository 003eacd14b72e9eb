import { loadRules } from '../../functions/catalogue/catalogue';
import { leaseKey } from '../../functions/coordination/lease-key';
import type { Rule } from '../../rules/rule';

const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
const ruleOf = (id: string): Rule => {
  const found = loadRules().find(({ rule }) => rule.id === id);
  if (!found) throw new Error(`No rule ${id}.`);
  return found.rule;
};

/** The key for the patch compliance with this id, as SSM.2 reports it. */
const ofCompliance = (id: string): string =>
  leaseKey(ruleOf('ssm-instance-patched'), {
    ...place,
    type: 'AWS::SSM::PatchCompliance',
    id,
    arn: `arn:aws:ssm:eu-west-1:111122223333:${id}`,
  });

const ofInstance = (rule: string): string =>
  leaseKey(ruleOf(rule), {
    ...place,
    type: 'AWS::EC2::Instance',
    id: 'i-0123456789abcdef0',
    arn: 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0',
  });

it('the patch compliance of an instance has the lease of the instance, which an isolation contains', () => {
  const keys = ['ec2-instance-isolated', 'ssm-instance-vulnerabilities-patched'].map(ofInstance);
  expect(keys).toEqual([ofInstance('ec2-instance-isolated'), ofCompliance('i-0123456789abcdef0')]);
  expect(ofCompliance('AWS::SSM::ManagedInstanceInventory/i-0123456789abcdef0')).toBe(keys[0]);
});

it('what is no instance of EC2 has a lease of its own', () => {
  expect(ofCompliance('mi-0123456789abcdef0')).toBe('arn:aws:ssm:eu-west-1:111122223333:mi-0123456789abcdef0 in eu-west-1 of 111122223333');
});
