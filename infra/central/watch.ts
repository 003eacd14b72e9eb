import { Aws, CfnCondition, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnEventBus, CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { recordedCall } from '../../functions/sources/cloudtrail/event-type';
import type { WatchEnvironment } from '../../functions/watch/environment';
import { lambdaFunction } from '../function';
import { names, ownNames } from '../names';
import { routeToQueue } from '../route/to-queue';
import { addAlarm, waiting } from './alarms';
import { byMembers, inMembers, type Members } from './members';
import { acknowledgeReader, type ReaderProps, readerEnvironment, readerStatements } from './reader';
import { type WorkQueue, workQueue } from './work-queue';

const name = 'watch';

const timeout = 300;
/** Two batches at a time: the quotas of an account are for its own workloads. */
const concurrency = 2;
/** Calls on one resource in a row are one look: templates build in steps. */
const batch = { size: 50, window: 30 };
const attempts = 5;

/** The look at what CloudTrail says has changed, minutes after the call. Off until somebody switches it on. */
export function watch(parent: Construct, { topic, ...props }: ReaderProps & { readonly topic: Topic }): void {
  const scope = new Construct(parent, 'Watching');
  const own = ownNames(name);
  const stack = Stack.of(parent);
  const given = parametersOf(stack);
  const work = workQueue(scope, { names: names.changes, timeout, attempts, delay: given.pause.valueAsNumber });
  route(scope, { work, isOn: given.isOn, members: props.members });
  const { role } = lambdaFunction(scope, {
    name: own.function,
    description: 'Looks at the resources that a call has changed, and hands on what is not as it should be.',
    code: props.bundle.folder,
    memorySize: 1024,
    timeout,
    role: {
      name: own.functionRole,
      description: 'Execution role of the function that looks at changed resources.',
      statements: [...readerStatements(name, props, inMembers(stack, props.members))],
    },
    environment: (): Record<Exclude<keyof WatchEnvironment, 'AWS_REGION'>, string> => ({
      ...readerEnvironment(name, props),
      CENTRAL_PARTITION: Aws.PARTITION,
      CENTRAL_ACCOUNT: Aws.ACCOUNT_ID,
    }),
    source: { queue: work.queue, concurrency, batch, enabled: Fn.conditionIf(given.isOn.logicalId, true, false) },
  });
  acknowledgeReader(role, name);
  alarm('changes-unhandled', 'Changes were not looked at', waiting(work.failed));

  function alarm(called: string, heading: string, metric: IMetric): void {
    addAlarm(scope, topic, { name: called, heading, metric });
  }
}

function parametersOf(stack: Stack) {
  const on = new CfnParameter(stack, 'Watch', {
    default: 'off',
    allowedValues: ['off', 'on'],
    description: 'on: resources are looked at after the calls that CloudTrail records. off: those events are not received.',
  });
  const pause = new CfnParameter(stack, 'WatchPause', {
    type: 'Number',
    default: 120,
    minValue: 0,
    maxValue: 900,
    description: 'The seconds from the event of a call to the look at the resource: templates build in steps.',
  });
  return { pause, isOn: new CfnCondition(stack, 'Watches', { expression: Fn.conditionEquals(on.valueAsString, 'on') }) };
}

interface RouteProps {
  readonly work: WorkQueue;
  readonly isOn: CfnCondition;
  readonly members: Members;
}

/** The bus to which the accounts forward what CloudTrail records: nobody can put events of AWS on it by a call. */
function route(scope: Construct, { work, isOn, members }: RouteProps): void {
  const stack = Stack.of(scope);
  const bus = new CfnEventBus(scope, 'Bus', { name: names.changes.bus });
  // Not a part of the bus, which takes none in some Regions.
  const policy = new CfnEventBusPolicy(scope, 'Forwarding', {
    eventBusName: bus.attrName,
    statementId: 'AccountsForward',
    statement: forwarding(stack, members),
  });
  policy.cfnOptions.condition = isOn;
  routeToQueue(scope, 'Route', {
    ...work,
    name: ownNames(name).route,
    description: 'Routes what CloudTrail recorded to the queue of changes.',
    eventBusName: bus.attrName,
    eventPattern: { source: [{ prefix: 'aws.' }], 'detail-type': [recordedCall] },
    state: Fn.conditionIf(isOn.logicalId, 'ENABLED', 'DISABLED').toString(),
  });
}

/**
 * The rules of EventBridge in the accounts that are remediated forward, and nobody else puts anything on the bus. No call can put an event whose
 * source begins with `aws.` on any bus, so what arrives is of AWS.
 */
const forwarding = (stack: Stack, members: Members): object => ({
  Effect: 'Allow',
  Principal: '*',
  Action: 'events:PutEvents',
  Resource: `arn:${Aws.PARTITION}:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:event-bus/${names.changes.bus}`,
  Condition: {
    StringEquals: byMembers(stack, members),
    Bool: { 'events:eventBusInvocation': 'true' },
    'ForAllValues:StringEquals': { 'events:detail-type': recordedCall },
    'ForAllValues:StringLike': { 'events:source': 'aws.*' },
    Null: { 'events:source': 'false', 'events:detail-type': 'false' },
  },
});
