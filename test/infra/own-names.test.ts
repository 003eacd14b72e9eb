import { names, namesOf, ownNames, readerRole } from '../../infra/names';
import { table } from '../../rules/dynamodb/table/resource';
import { role } from '../../rules/iam/role/resource';
import { lambdaFunction } from '../../rules/lambda/function/resource';
import type { ResourceKind } from '../../rules/rule';
import { matchesWildcard } from '../../rules/wildcard';

const rule = namesOf('s3-bucket-locked');
const control = ownNames('control');

/** Otherwise, a provoked finding could turn a response against the product that would stop the attack. */
it.each<[string, ResourceKind, string, string]>([
  ['the member role of a rule', role, rule.memberRole, 'never'],
  ['the role of the function of a rule', role, rule.functionRole, 'never'],
  ['the role of another function', role, control.functionRole, 'never'],
  ['the role of a reader', role, readerRole('watch'), 'never'],
  ['the role of auditors', role, names.auditor, 'never'],
  ['the role that replicates the archive', role, names.archiveReplication, 'never'],
  ['the role for emergencies', role, 'posture-break-glass', 'never'],
  ['a role that deploys', role, 'cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1', 'asks'],
  ['the function of a rule', lambdaFunction, rule.function, 'asks'],
  ['another function', lambdaFunction, control.function, 'asks'],
  ['the log', table, names.log, 'asks'],
  ['the orders', table, names.orders, 'asks'],
  ['the coordination', table, names.coordination, 'asks'],
])('%s is protected from responses', (_, { ownNames: own = [] }, name, contained) => {
  expect(own.find(({ pattern }) => matchesWildcard(name.toLowerCase(), pattern))?.contained).toBe(contained);
});
