import { CreateEventBusCommand, EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { systemClock } from '../../functions/clock';
import { outcomeEvent } from '../../functions/outcomes/outcome-event';
import { type OutcomeEvent, outcomeEventShape } from '../../functions/outcomes/outcome-schema';
import { eventBridgePublisher, publishOutcome } from '../../functions/outcomes/publish-outcome';
import { policy } from '../../functions/policy/policy';
import { mockClient } from '../emulator/models/mock-client';
import { useEmulator } from '../emulator/use';
import { told } from './logged';

const emulator = useEmulator();
const event = outcomeEvent(told(), policy.parse({}));

describe('the bus', () => {
  it('brings the event to whoever listens', async () => {
    const account = await emulator.account();
    const [bridge, sqs] = [account.client(EventBridgeClient), account.client(SQSClient)];
    await bridge.send(new CreateEventBusCommand({ Name: 'posture' }));
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'listener' }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    const EventPattern = JSON.stringify({ source: ['posture'], 'detail-type': ['Posture Remediation'], detail: { outcome: ['fixed'] } });
    await bridge.send(new PutRuleCommand({ Name: 'listener', EventBusName: 'posture', EventPattern }));
    await bridge.send(
      new PutTargetsCommand({ Rule: 'listener', EventBusName: 'posture', Targets: [{ Id: 'queue', Arn: Attributes?.QueueArn }] }),
    );

    await eventBridgePublisher(bridge, 'posture', systemClock)(event);
    await eventBridgePublisher(bridge, 'posture', systemClock)({ ...event, outcome: 'observed' });
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    expect(Messages).toHaveLength(1);
    const { detail, resources, source } = JSON.parse(Messages[0]?.Body ?? '');
    expect(outcomeEventShape.parse(detail)).toEqual(event);
    expect([source, resources]).toEqual(['posture', ['arn:aws:s3:::reports']]);
  });

  it('is asked again for what it could not take at the moment', async () => {
    const mock = mockClient(EventBridgeClient)
      .on(PutEventsCommand)
      .resolvesOnce({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'ThrottlingException' }] })
      .resolves({ FailedEntryCount: 0, Entries: [{ EventId: 'one' }] });
    await eventBridgePublisher(new EventBridgeClient({}), 'posture', systemClock)(event);
    expect(mock.calls()).toHaveLength(2);
    mock.restore();
  });

  it('says what it does not take', async () => {
    const mock = mockClient(EventBridgeClient)
      .on(PutEventsCommand)
      .resolves({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'AccessDeniedException', ErrorMessage: 'No.' }] });
    await expect(eventBridgePublisher(new EventBridgeClient({}), 'posture', systemClock)(event)).rejects.toThrow(
      'EventBridge rejected the fixed event of 01JDA0000000000000000000AB for the bus posture: AccessDeniedException No.',
    );
    expect(mock.calls()).toHaveLength(1);
    mock.restore();
  });
});

describe('the notification function', () => {
  const topic = 'arn:aws:sns:eu-central-1:111122223333:posture-web';
  const asking = { notifications: { topics: [{ topic, outcomes: ['observed'] }] } };

  it.each([
    ['a fix', told(), {}, undefined],
    ['what needs no attention', told({ kind: 'skipped', outcome: 'observed' }), {}, false],
    ['what a topic asks for', told({ kind: 'skipped', outcome: 'observed' }), asking, undefined],
  ] as const)('is invoked for %s only if a topic may have to be notified', async (_, notice, given, notify) => {
    const published: OutcomeEvent[] = [];
    await publishOutcome(
      async (one) => void published.push(one),
      async () => policy.parse(given),
    )(notice);
    expect(published.map((one) => one.notify)).toEqual([notify]);
    expect(outcomeEventShape.parse(published[0])).toEqual(published[0]);
  });

  it('decides by itself where the policy could not be read', async () => {
    const published: OutcomeEvent[] = [];
    const publish = publishOutcome(
      async (one) => void published.push(one),
      () => Promise.reject(new Error('AppConfig does not answer')),
    );
    await publish(told({ kind: 'skipped', outcome: 'observed' }));
    expect(published).toMatchObject([{ outcome: 'observed' }]);
    expect(published[0]).not.toHaveProperty('notify');
  });
});
