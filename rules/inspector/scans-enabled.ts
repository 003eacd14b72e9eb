import { BatchGetAccountStatusCommand, DisableCommand, EnableCommand, Inspector2Client } from '@aws-sdk/client-inspector2';
import { accountInRegion } from '../account';
import { defineRule } from '../rule';

type Scan = 'ec2' | 'ecr' | 'lambda' | 'lambdaCode';

/** What each control asks for; code is scanned only where functions are. */
const demands: readonly { readonly control: string; readonly config: string; readonly scans: readonly Scan[] }[] = [
  { control: 'Inspector.1', config: 'inspector-ec2-scan-enabled', scans: ['ec2'] },
  { control: 'Inspector.2', config: 'inspector-ecr-scan-enabled', scans: ['ecr'] },
  { control: 'Inspector.3', config: 'inspector-lambda-code-scan-enabled', scans: ['lambda', 'lambdaCode'] },
  { control: 'Inspector.4', config: 'inspector-lambda-standard-scan-enabled', scans: ['lambda'] },
];

const resourceTypes = { ec2: 'EC2', ecr: 'ECR', lambda: 'LAMBDA', lambdaCode: 'LAMBDA_CODE' } as const;

/** The status of each scan, as AWS names it. */
type State = { readonly [Name in Scan]: string };

export default defineRule({
  id: 'inspector-scans-enabled',
  title: 'Amazon Inspector looks for known holes in software',
  why: 'Most break-ins use holes that are known for months, in packages that nobody knew were installed.',
  impact:
    'None for workloads: Inspector scans by the agent of Systems Manager, or copies of volumes, with roles of its own. It bills by instance, image and function after 15 days. The code of functions leaves them for the scan, where that is asked for.',
  severity: 'high',
  risk: 'safe',
  resource: accountInRegion,
  detectedBy: { securityHub: demands.map(({ control }) => control), config: demands.map(({ config }) => config) },
  permissions: {
    // IAM offers no resource-level permission for these.
    inspect: { actions: ['inspector2:BatchGetAccountStatus'], on: '*' },
    change: [
      { actions: ['inspector2:Enable', 'inspector2:Disable'], on: '*' },
      // Inspector makes them with the caller's permissions, where they are not there yet.
      {
        actions: ['iam:CreateServiceLinkedRole'],
        on: [
          'arn:{partition}:iam::{account}:role/aws-service-role/inspector2.amazonaws.com/AWSServiceRoleForAmazonInspector2',
          'arn:{partition}:iam::{account}:role/aws-service-role/agentless.inspector2.amazonaws.com/AWSServiceRoleForAmazonInspector2Agentless',
        ],
        condition: {
          StringEquals: { 'iam:AWSServiceName': ['inspector2.amazonaws.com', 'agentless.inspector2.amazonaws.com'] },
        },
      },
    ],
  },
  clients: [Inspector2Client],
  commands: [EnableCommand, DisableCommand],
  // AWS enables a scan within minutes.
  settle: 900,

  async inspect({ account }, aws): Promise<State> {
    const { accounts = [] } = await aws.send(new BatchGetAccountStatusCommand({ accountIds: [account] }));
    const state = accounts.find(({ accountId }) => accountId === account)?.resourceState;
    const statusOf = (scan: Scan): string => state?.[scan]?.status ?? 'DISABLED';
    return { ec2: statusOf('ec2'), ecr: statusOf('ecr'), lambda: statusOf('lambda'), lambdaCode: statusOf('lambdaCode') };
  },

  plan({ account }, state, { detectedBy }) {
    const demand = demands.find(({ control, config }) => control === detectedBy || config === detectedBy);
    if (!demand) return { unfixable: `${detectedBy} is about none of the scans that this rule knows.` };
    const off = demand.scans.filter((scan) => state[scan] !== 'ENABLED');
    if (off.length === 0) return [];
    const passing = off.find((scan) => /ING$/.test(state[scan]));
    if (passing) return { blocked: `AWS is at work on the scan of ${resourceTypes[passing]} (${state[passing]}).` };
    if (off.some((scan) => state[scan] === 'SUSPENDED'))
      return { unfixable: 'Inspector is suspended here, as AWS does with a closed account: nothing can be enabled.' };
    const scans = { accountIds: [account], resourceTypes: off.map((scan) => resourceTypes[scan]) };
    return [{ do: new EnableCommand(scans), undo: new DisableCommand(scans) }];
  },

  list: async ({ account }) => [account],
});
