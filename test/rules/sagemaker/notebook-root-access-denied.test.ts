import {
  CreateNotebookInstanceCommand,
  DescribeNotebookInstanceCommand,
  ListNotebookInstancesCommand,
  SageMakerClient,
  StopNotebookInstanceCommand,
  UpdateNotebookInstanceCommand,
} from '@aws-sdk/client-sagemaker';
import { type Aws, type AwsCommand, notFound } from '../../../rules/rule';
import { notebookInstance } from '../../../rules/sagemaker/notebook-instance/resource';
import rule from '../../../rules/sagemaker/notebook-root-access-denied';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { standIn } from '../../contract/stand-in';

// moto changes no notebook instance, and calls one that is not there by another error.
const updates = new Map<string, object>();
standIn(SageMakerClient, async (command, send) => {
  if (command instanceof UpdateNotebookInstanceCommand) {
    updates.set(command.input.NotebookInstanceName ?? '', { RootAccess: command.input.RootAccess });
    return {};
  }
  const answer = await send(command);
  return command instanceof DescribeNotebookInstanceCommand
    ? { ...answer, ...updates.get(command.input.NotebookInstanceName ?? '') }
    : answer;
});

describeRule(rule, {
  violations: {
    'a stopped instance with root access': { seed: newInstance('Enabled', { stopped: true }) },
    'a stopped instance that was never asked about it': { seed: newInstance(undefined, { stopped: true }) },
  },
  compliant: {
    'an instance without root access': { seed: newInstance('Disabled', { stopped: true }) },
    'an instance without root access that runs': { seed: newInstance('Disabled', { stopped: false }) },
  },
  obstacles: {
    'an instance that runs': {
      seed: newInstance('Enabled', { stopped: false }),
      outcome: 'unfixable',
      reason: /is InService\. .* while it is stopped/,
    },
  },
  missing: 'no-such-instance',
});

const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
const arn = 'arn:aws:sagemaker:eu-west-1:111122223333:notebook-instance/lab';
const resource = { ...place, type: notebookInstance.type, id: 'lab', arn };
const context = { parameters: {}, detectedBy: 'SageMaker.3', now: new Date(0) };

it.each(['Pending', 'Stopping', 'Updating', 'unknown'])('waits while an instance is %s', (status) => {
  expect(rule.plan(resource, { root: true, name: 'Lab', status }, context)).toEqual({
    blocked: expect.stringContaining(status),
    code: 'being-modified',
  });
});

it('changes one that failed, as AWS allows', () => {
  expect(rule.plan(resource, { root: true, name: 'Lab', status: 'Failed' }, context)).toMatchObject([
    { do: { input: { NotebookInstanceName: 'Lab', RootAccess: 'Disabled' } } },
  ]);
});

it('takes an instance that is being deleted for gone', async () => {
  expect(await rule.inspect(resource, { send: async () => ({ NotebookInstanceStatus: 'Deleting' }) as never })).toBe(notFound);
});

it('finds an instance whose name is not in lower case, as its ARN is', async () => {
  const send = async (command: AwsCommand) => {
    if (command instanceof ListNotebookInstancesCommand)
      return { NotebookInstances: [{ NotebookInstanceArn: `${arn}2` }, { NotebookInstanceArn: arn, NotebookInstanceName: 'Lab' }] };
    if ((command as DescribeNotebookInstanceCommand).input.NotebookInstanceName === 'Lab')
      return { NotebookInstanceName: 'Lab', NotebookInstanceStatus: 'Stopped', RootAccess: 'Enabled' };
    throw Object.assign(new Error('RecordNotFound'), { name: 'ValidationException' });
  };
  expect(await rule.inspect(resource, { send } as unknown as Aws)).toEqual({ root: true, name: 'Lab', status: 'Stopped' });
});

it('lists the instances of all pages, and reads all tags', async () => {
  const aws = {
    async send({ input }: { input: { NextToken?: string } }) {
      return input.NextToken
        ? { NotebookInstances: [{ NotebookInstanceArn: 'b' }], Tags: [{ Key: 'team', Value: 'red' }] }
        : { NotebookInstances: [{ NotebookInstanceArn: 'a' }], Tags: [{ Key: 'stage', Value: 'test' }], NextToken: 'more' };
    },
  } as never;
  expect(await rule.list?.(place, aws)).toEqual(['a', 'b']);
  expect(await notebookInstance.tags?.(resource, aws)).toEqual({ team: 'red', stage: 'test' });
});

function newInstance(RootAccess: 'Enabled' | 'Disabled' | undefined, { stopped }: { readonly stopped: boolean }) {
  return async (world: World): Promise<string> => {
    const NotebookInstanceName = `lab-${Math.random().toString(36).slice(2)}`;
    const RoleArn = `arn:aws:iam::${world.account}:role/notebooks`;
    await world.send(new CreateNotebookInstanceCommand({ NotebookInstanceName, InstanceType: 'ml.t3.medium', RoleArn, RootAccess }));
    if (stopped) await world.send(new StopNotebookInstanceCommand({ NotebookInstanceName }));
    return NotebookInstanceName;
  };
}
