import {
  DescribeNotebookInstanceCommand,
  ListNotebookInstancesCommand,
  SageMakerClient,
  UpdateNotebookInstanceCommand,
} from '@aws-sdk/client-sagemaker';
import { undefinedOn } from '../absence';
import { collect } from '../pages';
import { type Aws, defineRule, notFound } from '../rule';
import { notebookInstance, notebookInstances } from './notebook-instance/resource';

/** The name in its original case and the status; only for an instance with root access. */
type State = { readonly root: false } | { readonly root: true; readonly name: string; readonly status: string };

export default defineRule({
  id: 'sagemaker-notebook-root-access-denied',
  title: 'SageMaker notebook instances have root access disabled',
  why: 'A user with root access can change the software and security tools of a notebook instance for everyone who uses it later.',
  impact:
    'Users can no longer install or change system software; lifecycle configurations still run as root. The change is made only while the instance is stopped, and the rule never stops it.',
  severity: 'high',
  risk: 'disruptive',
  resource: notebookInstance,
  independentUndo: true,
  property: 'RootAccess',
  detectedBy: { securityHub: ['SageMaker.3'], config: ['sagemaker-notebook-instance-root-access-check'] },
  permissions: {
    inspect: [
      { actions: ['sagemaker:DescribeNotebookInstance'], on: notebookInstances },
      // IAM supports no resource-level permissions for it.
      { actions: ['sagemaker:ListNotebookInstances'], on: '*' },
    ],
    change: { actions: ['sagemaker:UpdateNotebookInstance'], on: notebookInstances },
  },
  clients: [SageMakerClient],
  commands: [UpdateNotebookInstanceCommand],
  settle: 600,

  async inspect({ id, arn }, aws): Promise<State | typeof notFound> {
    const found = (await describe(id, aws)) ?? (await describeByArn(arn, aws));
    if (!found || found.NotebookInstanceStatus === 'Deleting') return notFound;
    const { RootAccess, NotebookInstanceName: name = id, NotebookInstanceStatus: status = 'unknown' } = found;
    return RootAccess === 'Disabled' ? { root: false } : { root: true, name, status };
  },

  plan(_, state) {
    if (!state.root) return [];
    if (state.status === 'InService')
      return {
        unfixable: 'The notebook instance is InService. SageMaker changes it only while it is stopped, and this rule does not stop it.',
        code: 'instance-running',
      };
    if (state.status !== 'Stopped' && state.status !== 'Failed')
      return {
        blocked: `The notebook instance is ${state.status}. SageMaker changes it only while it is stopped.`,
        code: 'being-modified',
      };
    const access = (RootAccess: 'Enabled' | 'Disabled') =>
      new UpdateNotebookInstanceCommand({ NotebookInstanceName: state.name, RootAccess });
    return [{ do: access('Disabled'), undo: access('Enabled') }];
  },

  list: async (_, aws) => (await listInstances(aws)).flatMap(({ NotebookInstanceArn }) => NotebookInstanceArn ?? []),
});

/** An instance by its name. AWS reports a missing one as a ValidationException with the message `RecordNotFound`. */
const describe = (NotebookInstanceName: string, aws: Aws) =>
  undefinedOn(['ValidationException'], aws.send(new DescribeNotebookInstanceCommand({ NotebookInstanceName })));

/** ARNs are in lower case, unlike names. */
async function describeByArn(arn: string, aws: Aws) {
  const named = (await listInstances(aws)).find(({ NotebookInstanceArn }) => NotebookInstanceArn === arn);
  return named?.NotebookInstanceName ? describe(named.NotebookInstanceName, aws) : undefined;
}

const listInstances = (aws: Aws) =>
  collect(
    (NextToken) => aws.send(new ListNotebookInstancesCommand({ MaxResults: 100, NextToken })),
    ({ NotebookInstances }) => NotebookInstances,
    ({ NextToken }) => NextToken,
  );
