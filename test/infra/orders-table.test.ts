import { App, Stack } from 'aws-cdk-lib';
import { Template as Synthesized } from 'aws-cdk-lib/assertions';
import { ordersTable } from '../../infra/central/orders-table';
import { tableAdministrators } from '../../infra/central/table-policy';
import type { Template } from '../../infra/synth';
import { applies, type Statement } from '../emulator/gateway/permissions/statement';
import { plainResources } from './plain';

const template = (() => {
  const stack = new Stack(new App(), 'Posture');
  ordersTable(stack, tableAdministrators(stack));
  return Synthesized.fromStack(stack).toJSON() as Template;
})();
const [table] = plainResources({ templates: new Map([['Posture', template]]) });
const statements: readonly Statement[] = table?.properties.ResourcePolicy.PolicyDocument.Statement;

const writes = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'PartiQLInsert', 'PartiQLUpdate', 'PartiQLDelete'];
const reads = ['GetItem', 'BatchGetItem', 'Query', 'Scan', 'ConditionCheckItem', 'PartiQLSelect', 'DescribeTable'];
const administration = [
  ...['UpdateTable', 'DeleteTable', 'UpdateContinuousBackups', 'UpdateTimeToLive', 'PutResourcePolicy', 'DeleteResourcePolicy'],
];

/** The actions that the policy of the table denies the principal. */
const deniedTo = (principal: string) =>
  [...writes, ...reads, ...administration].filter((action) =>
    statements.some(
      (one) =>
        one.Effect === 'Deny' &&
        applies(
          one,
          { action: `dynamodb:${action}`, resource: 'arn:{partition}:dynamodb:{region}:{account}:table/posture-orders' },
          { 'aws:principalarn': `arn:{partition}:iam::{account}:${principal}` },
        ),
    ),
  );

describe('the policy of the orders table', () => {
  it.each([
    ['the control function', 'role/posture-function-control', administration],
    ['the break-glass role', 'role/posture-break-glass', []],
    ['CloudFormation, which deploys', 'role/cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1', writes],
    ['the function of a rule', 'role/posture-function-s3-bucket-tls-required', [...writes, ...administration]],
    ['the notification function', 'role/posture-function-notify', [...writes, ...administration]],
    ['an administrator', 'role/Administrator', [...writes, ...administration]],
    ['a role whose name begins like that of the control function', 'role/posture-function-control-2', [...writes, ...administration]],
    ['a role of that name in a path', 'role/elsewhere/posture-function-control', [...writes, ...administration]],
    ['a role of the name of that of CloudFormation, in a path', 'role/x/cdk-hnb659fds-cfn-exec-role-1-r', [...writes, ...administration]],
    ['the role of CloudFormation under another qualifier', 'role/cdk-ours-cfn-exec-role-111122223333-eu-west-1', writes],
    ['a user', 'user/posture-function-control', [...writes, ...administration]],
    ['the root user', 'root', [...writes, ...administration]],
  ])('lets %s do what it has to, and nothing else', (_, principal, denied) => {
    expect(deniedTo(principal)).toEqual(denied);
  });
});
