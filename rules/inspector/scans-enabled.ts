import {
  BatchGetAccountStatusCommand,
  DisableCommand,
  EnableCommand,
  Inspector2Client,
  ListMembersCommand,
} from '@aws-sdk/client-inspector2';
import { unless } from '../absence';
import { accountInRegion } from '../account';
import { inGroups } from '../groups';
import { collect } from '../pages';
import { type Aws, defineRule } from '../rule';

type Scan = 'ec2' | 'ecr' | 'lambda' | 'lambdaCode';

/** What each control asks for; code is scanned only where functions are. */
const demands: readonly { readonly control: string; readonly config: string; readonly scans: readonly Scan[] }[] = [
  { control: 'Inspector.1', config: 'inspector-ec2-scan-enabled', scans: ['ec2'] },
  { control: 'Inspector.2', config: 'inspector-ecr-scan-enabled', scans: ['ecr'] },
  { control: 'Inspector.3', config: 'inspector-lambda-code-scan-enabled', scans: ['lambda', 'lambdaCode'] },
  { control: 'Inspector.4', config: 'inspector-lambda-standard-scan-enabled', scans: ['lambda'] },
];

const scans: readonly Scan[] = ['ec2', 'ecr', 'lambda', 'lambdaCode'];
const resourceTypes = { ec2: 'EC2', ecr: 'ECR', lambda: 'LAMBDA', lambdaCode: 'LAMBDA_CODE' } as const;

/** The status of each scan, as AWS names it. */
type Statuses = { readonly [Name in Scan]: string };

/** `lacking`: the scans that some account lacks for which this one manages Inspector: the controls look at those too. */
type State = Statuses & { readonly lacking?: readonly Scan[] };

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
    inspect: { actions: ['inspector2:BatchGetAccountStatus', 'inspector2:ListMembers'], on: '*' },
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
    const [own] = await readStatuses([account], aws);
    const members = await readMembers(aws);
    const lacking = scans.filter((scan) => members.some((statuses) => !/^ENABL(ED|ING)$/.test(statuses[scan])));
    return { ...(own ?? nothing), ...(lacking.length > 0 && { lacking }) };
  },

  plan({ account }, state, { detectedBy }) {
    const demand = demands.find(({ control, config }) => control === detectedBy || config === detectedBy);
    if (!demand) return { unfixable: `${detectedBy} is about none of the scans that this rule knows.` };
    const off = demand.scans.filter((scan) => state[scan] !== 'ENABLED');
    const lacking = demand.scans.filter((scan) => state.lacking?.includes(scan));
    if (lacking.length > 0)
      return {
        unfixable: `This account manages Inspector for others, and ${demand.control} looks at them too: some of them lack the scan of ${resourceTypes[lacking[0] as Scan]}. Enable it for all accounts, this one among them, or let go of those that are suspended.`,
      };
    if (off.length === 0) return [];
    const passing = off.find((scan) => /ING$/.test(state[scan]));
    if (passing) return { blocked: `AWS is at work on the scan of ${resourceTypes[passing]} (${state[passing]}).` };
    if (off.some((scan) => state[scan] === 'SUSPENDED'))
      return { unfixable: 'Inspector is suspended here, as AWS does with a closed account: nothing can be enabled.' };
    const input = { accountIds: [account], resourceTypes: off.map((scan) => resourceTypes[scan]) };
    return [{ do: new EnableCommand(input), undo: new DisableCommand(input) }];
  },

  list: async ({ account }) => [account],
});

const nothing: Statuses = { ec2: 'DISABLED', ecr: 'DISABLED', lambda: 'DISABLED', lambdaCode: 'DISABLED' };

/** The statuses of accounts, in their order; Inspector tells of a hundred at once. */
async function readStatuses(accountIds: readonly string[], aws: Aws): Promise<readonly Statuses[]> {
  const { accounts = [] } = await aws.send(new BatchGetAccountStatusCommand({ accountIds: [...accountIds] }));
  return accountIds.map((id) => {
    const state = accounts.find(({ accountId }) => accountId === id)?.resourceState;
    const statusOf = (scan: Scan): string => state?.[scan]?.status ?? 'DISABLED';
    return { ec2: statusOf('ec2'), ecr: statusOf('ecr'), lambda: statusOf('lambda'), lambdaCode: statusOf('lambdaCode') };
  });
}

const most = 100;

/** The statuses of the accounts for which this one manages Inspector. */
async function readMembers(aws: Aws): Promise<readonly Statuses[]> {
  const list = collect(
    (nextToken) => aws.send(new ListMembersCommand({ onlyAssociated: true, nextToken })),
    ({ members }) => members,
    ({ nextToken }) => nextToken,
  );
  // Only an account that manages others may ask, and only where Inspector is enabled.
  const ids = ((await unless(['AccessDeniedException'], list)) ?? []).flatMap(({ accountId }) => accountId ?? []);
  const found: Statuses[] = [];
  for (const group of inGroups(ids, most)) {
    // A closed account fails the answer for all, and lacks everything by itself.
    found.push(...((await unless(unreadable, readStatuses(group, aws))) ?? [nothing]));
  }
  return found;
}

/** How Inspector says that it tells nothing of an account. */
const unreadable = ['ACCESS_DENIED', 'ACCOUNT_IS_ISOLATED', 'RESOURCE_NOT_FOUND'];
