import {
  DescribeNotebookInstanceCommand,
  ListNotebookInstancesCommand,
  SageMakerClient,
  UpdateNotebookInstanceCommand,
} from '@aws-sdk/client-sagemaker';
import { unless } from '../absence';
import { collect } from '../pages';
import { defineRule, gone } from '../rule';
import { notebookInstance, notebookInstances } from './notebook-instance/resource';

/** The status is that of an instance with root access. */
type State = { readonly root: false } | { readonly root: true; readonly status: string };

export default defineRule({
  id: 'sagemaker-notebook-root-access-denied',
  title: 'Users of SageMaker notebook instances are not root there',
  why: 'Whoever is root on a notebook instance can change its software, and all that watches over it, for everybody who uses it after.',
  impact:
    'Users can no longer install or change what belongs to the system; lifecycle configurations still run as root. It is changed while the instance is stopped: nothing stops one that somebody may be working on.',
  severity: 'high',
  risk: 'disruptive',
  resource: notebookInstance,
  property: 'RootAccess',
  detectedBy: { securityHub: ['SageMaker.3'], config: ['sagemaker-notebook-instance-root-access-check'] },
  permissions: {
    inspect: [
      { actions: ['sagemaker:DescribeNotebookInstance'], on: notebookInstances },
      // IAM offers no resource-level permission for it.
      { actions: ['sagemaker:ListNotebookInstances'], on: '*' },
    ],
    change: { actions: ['sagemaker:UpdateNotebookInstance'], on: notebookInstances },
  },
  clients: [SageMakerClient],
  commands: [UpdateNotebookInstanceCommand],
  settle: 600,

  async inspect({ id }, aws): Promise<State | typeof gone> {
    // `RecordNotFound`, in the words of this error, is all that AWS says of one that is not there.
    const query = new DescribeNotebookInstanceCommand({ NotebookInstanceName: id });
    const found = await unless(['ValidationException'], aws.send(query));
    if (!found || found.NotebookInstanceStatus === 'Deleting') return gone;
    return found.RootAccess === 'Disabled' ? { root: false } : { root: true, status: found.NotebookInstanceStatus ?? 'unknown' };
  },

  plan({ id }, state) {
    if (!state.root) return [];
    if (state.status !== 'Stopped' && state.status !== 'Failed')
      return {
        blocked: `The notebook instance is ${state.status}: SageMaker changes it only while it is stopped, and somebody may be working on it.`,
      };
    const access = (RootAccess: 'Enabled' | 'Disabled') => new UpdateNotebookInstanceCommand({ NotebookInstanceName: id, RootAccess });
    return [{ do: access('Disabled'), undo: access('Enabled') }];
  },

  async list(_, aws) {
    const instances = await collect(
      (NextToken) => aws.send(new ListNotebookInstancesCommand({ MaxResults: 100, NextToken })),
      ({ NotebookInstances }) => NotebookInstances,
      ({ NextToken }) => NextToken,
    );
    return instances.flatMap(({ NotebookInstanceName }) => NotebookInstanceName ?? []);
  },
});
