import { GetAutomationExecutionCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from '../emulator/models/mock-client';
import { badBucket } from './bucket';
import { alice, approvers, useCentral } from './central';

const { open } = useCentral();
const policy = { modes: { default: 'fix' }, ownership: { lastChange: false }, approvals: { approvers, fourEyes: false } };
const automation = '11111111-2222-3333-4444-555555555555';
const ssm = mockClient(SSMClient);
const anybody = 'arn:aws:sts::111122223333:assumed-role/Viewer/dave';

beforeEach(() => ssm.reset());
afterAll(() => ssm.restore());

const runs = (DocumentName: string, ExecutedBy: string, more: object = {}) =>
  ssm.on(GetAutomationExecutionCommand, { AutomationExecutionId: automation }).resolves({
    AutomationExecution: {
      AutomationExecutionId: automation,
      DocumentName,
      ExecutedBy,
      AutomationExecutionStatus: 'InProgress',
      Parameters: { Why: ['uploads fail'] },
      ...more,
    },
  });

describe('an automation of Systems Manager, the one click in the console', () => {
  it('stops and starts, as the person who runs it', async () => {
    const central = await open();
    await central.deploy(policy);
    runs('posture-stop', anybody);
    expect(await central.control({ automation }, 'automations')).toMatchObject([{ done: true }]);
    expect(await central.find(await badBucket(central.account))).toMatchObject({
      outcome: 'deferred',
      reason: expect.stringContaining(`${anybody} stopped all changes`),
    });
    runs('posture-resume', anybody);
    await expect(central.control({ automation }, 'automations')).rejects.toThrow('is not an approver');
    runs('posture-resume', alice);
    expect(await central.control({ automation }, 'automations')).toMatchObject([{ done: true }]);
    expect(await central.find(await badBucket(central.account))).toMatchObject({ outcome: 'fixed' });
  });

  it.each([
    ['is over', 'posture-resume', { AutomationExecutionStatus: 'Success' }],
    ['is of another document', 'AWS-StopEC2Instance', {}],
    ['is of a document of a name that every object has', 'constructor', {}],
    ['names nobody', 'posture-resume', { ExecutedBy: undefined }],
  ])('gives no order where it %s', async (_, document, more) => {
    const central = await open();
    await central.deploy(policy);
    await central.order({ order: 'stop', why: 'uploads fail' }, alice);
    runs(document, alice, more);
    await expect(central.control({ automation }, 'automations')).rejects.toThrow(
      'is not a running execution of posture-stop or posture-resume',
    );
    expect(await central.find(await badBucket(central.account))).toMatchObject({ outcome: 'deferred' });
  });

  it('is not believed of the event: who runs it is asked of Systems Manager', async () => {
    const central = await open();
    await central.deploy(policy);
    await expect(central.control({ automation, by: alice }, 'automations')).rejects.toThrow('is not a valid request for');
    expect(ssm.calls()).toEqual([]);
  });
});
