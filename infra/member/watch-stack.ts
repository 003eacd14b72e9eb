import { type App, Aws, CfnCondition, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Rule } from '../../rules/rule';
import { names } from '../names';
import { watchPatterns } from '../route/watch-pattern';

/** Forwards what CloudTrail records in an account and Region to the central account. A stack of its own: IAM roles are global, and events are not. */
export function watchStack(app: App, rules: readonly Rule[]): Stack {
  const stack = new Stack(app, 'PostureWatch', {
    description: 'Posture remediator: forwards calls that CloudTrail records in this Region to the central account.',
  });
  const { bus, state } = parametersOf(stack);
  const { roleArn } = new Role(stack, 'Role', {
    roleName: `${names.changes.bus}-${Aws.REGION}`,
    description: 'Forwards events to the bus of the central account.',
    assumedBy: new ServicePrincipal('events.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } } }),
    inlinePolicies: {
      forward: new PolicyDocument({ statements: [new PolicyStatement({ actions: ['events:PutEvents'], resources: [bus] })] }),
    },
  });
  for (const [index, eventPattern] of watchPatterns(rules).entries())
    new CfnRule(stack, `Forward${index + 1}`, {
      name: `${names.changes.bus}-${index + 1}`,
      description: 'Forwards calls that change what a rule looks at.',
      eventPattern,
      state,
      targets: [{ id: 'central', arn: bus, roleArn }],
    });
  return stack;
}

function parametersOf(stack: Stack): { readonly bus: string; readonly state: string } {
  const on = new CfnParameter(stack, 'Watch', {
    default: 'off',
    allowedValues: ['off', 'on'],
    description: 'on: calls that CloudTrail records in this Region are forwarded. off: none is.',
  });
  const account = new CfnParameter(stack, 'CentralAccount', {
    default: '',
    allowedPattern: '^([0-9]{12})?$',
    constraintDescription: 'has to be an account id of twelve digits, or empty for this very account',
    description: 'The id of the central account. Leave empty if it is this account.',
  });
  const region = new CfnParameter(stack, 'CentralRegion', {
    default: '',
    allowedPattern: '^([a-z]{2,8}(-[a-z]{2,16}){1,3}-[0-9]{1,2})?$',
    constraintDescription: 'has to be the name of a Region, or empty for this very Region',
    description: 'The Region of the stack Posture. Leave empty if it is this Region.',
  });
  const isOn = new CfnCondition(stack, 'Watches', { expression: Fn.conditionEquals(on.valueAsString, 'on') });
  const given = (id: string, { valueAsString }: CfnParameter, own: string) => {
    const isOwn = new CfnCondition(stack, id, { expression: Fn.conditionEquals(valueAsString, '') });
    return Fn.conditionIf(isOwn.logicalId, own, valueAsString).toString();
  };
  const [centralRegion, centralAccount] = [given('RegionIsHere', region, Aws.REGION), given('AccountIsHere', account, Aws.ACCOUNT_ID)];
  return {
    bus: `arn:${Aws.PARTITION}:events:${centralRegion}:${centralAccount}:event-bus/${names.changes.bus}`,
    state: Fn.conditionIf(isOn.logicalId, 'ENABLED', 'DISABLED').toString(),
  };
}
