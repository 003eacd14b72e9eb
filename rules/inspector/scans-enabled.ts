import {
  BatchGetAccountStatusCommand,
  DisableCommand,
  EnableCommand,
  Inspector2Client,
  ListMembersCommand,
} from '@aws-sdk/client-inspector2';
import { undefinedOn } from '../absence';
import { accountInRegion } from '../account';
import { inGroups } from '../groups';
import { collect } from '../pages';
import { type Aws, defineRule } from '../rule';

type Scan = 'ec2' | 'ecr' | 'lambda' | 'lambdaCode';

/** The scans that each control requires. Lambda code scanning requires Lambda standard scanning. */
const demands: readonly { readonly control: string; readonly config: string; readonly scans: readonly Scan[] }[] = [
  { control: 'Inspector.1', config: 'inspector-ec2-scan-enabled', scans: ['ec2'] },
  { control: 'Inspector.2', config: 'inspector-ecr-scan-enabled', scans: ['ecr'] },
  { control: 'Inspector.3', config: 'inspector-lambda-code-scan-enabled', scans: ['lambda', 'lambdaCode'] },
  { control: 'Inspector.4', config: 'inspector-lambda-standard-scan-enabled', scans: ['lambda'] },
];

const scans: readonly Scan[] = ['ec2', 'ecr', 'lambda', 'lambdaCode'];
const resourceTypes = { ec2: 'EC2', ecr: 'ECR', lambda: 'LAMBDA', lambdaCode: 'LAMBDA_CODE' } as const;

/** The status of each scan type. */
type Statuses = { readonly [Name in Scan]: string };

/** `lacking`: the scans that a member account lacks, as the controls also evaluate member accounts. */
type State = Statuses & { readonly lacking?: readonly Scan[] };

export default defineRule({
  id: 'inspector-scans-enabled',
  title: 'Amazon Inspector scans are enabled',
  why: 'Many attacks exploit vulnerabilities that have been known for months, in packages that nobody knew were installed.',
  impact:
    'None for workloads: Inspector scans through the Systems Manager agent or snapshots of volumes, with service-linked roles. It charges for each instance, image and function after a 15-day trial. For Inspector.3, it also reads the code of functions.',
  severity: 'high',
  risk: 'safe',
  resource: accountInRegion,
  changedBy: { service: 'inspector2', calls: { account: ['Disable'] } },
  detectedBy: { securityHub: demands.map(({ control }) => control), config: demands.map(({ config }) => config) },
  permissions: {
    // IAM supports no resource-level permissions for these.
    inspect: { actions: ['inspector2:BatchGetAccountStatus', 'inspector2:ListMembers'], on: '*' },
    change: [
      { actions: ['inspector2:Enable', 'inspector2:Disable'], on: '*' },
      // Inspector creates them with the caller's permissions if they don't exist yet.
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
    if (!demand) return { unfixable: `${detectedBy} is not a control for a scan of this rule.`, code: 'control-unknown' };
    const off = demand.scans.filter((scan) => state[scan] !== 'ENABLED');
    const lacking = demand.scans.filter((scan) => state.lacking?.includes(scan));
    if (lacking.length > 0)
      return {
        unfixable: `This account is the Inspector administrator, and ${demand.control} also evaluates its members: some of them lack the ${resourceTypes[lacking[0] as Scan]} scan. Enable it for all accounts, including this one, or remove suspended members.`,
        code: 'members-not-covered',
      };
    if (off.length === 0) return [];
    const changing = off.find((scan) => /ING$/.test(state[scan]));
    if (changing) return { blocked: `The status of the ${resourceTypes[changing]} scan is ${state[changing]}.`, code: 'being-modified' };
    if (off.some((scan) => state[scan] === 'SUSPENDED'))
      return {
        unfixable: 'Inspector is suspended, as AWS does for a closed account. Scans cannot be enabled.',
        code: 'account-suspended',
      };
    const input = { accountIds: [account], resourceTypes: off.map((scan) => resourceTypes[scan]) };
    return [{ do: new EnableCommand(input), undo: new DisableCommand(input) }];
  },

  revertOwnPart({ account }, now, { before, after }) {
    const own = scans.filter((scan) => before[scan] !== 'ENABLED' && after[scan] === 'ENABLED' && now[scan] === 'ENABLED');
    // Without Lambda standard scanning, the code scanning that others have enabled since would end, too.
    if (own.includes('lambda') && !own.includes('lambdaCode') && now.lambdaCode === 'ENABLED') return undefined;
    if (own.length === 0) return [];
    return [new DisableCommand({ accountIds: [account], resourceTypes: own.map((scan) => resourceTypes[scan]) })];
  },

  targets: ({ account }) => ({ Enable: { 'accountIds[]': account }, Disable: { 'accountIds[]': account } }),

  list: async ({ account }) => [account],
});

const nothing: Statuses = { ec2: 'DISABLED', ecr: 'DISABLED', lambda: 'DISABLED', lambdaCode: 'DISABLED' };

/** The statuses of accounts, in their order. Inspector answers for up to 100 accounts in one request. */
async function readStatuses(accountIds: readonly string[], aws: Aws): Promise<readonly Statuses[]> {
  const { accounts = [] } = await aws.send(new BatchGetAccountStatusCommand({ accountIds: [...accountIds] }));
  return accountIds.map((id) => {
    const state = accounts.find(({ accountId }) => accountId === id)?.resourceState;
    const statusOf = (scan: Scan): string => state?.[scan]?.status ?? 'DISABLED';
    return { ec2: statusOf('ec2'), ecr: statusOf('ecr'), lambda: statusOf('lambda'), lambdaCode: statusOf('lambdaCode') };
  });
}

const maxAccounts = 100;

/** The statuses of the member accounts. */
async function readMembers(aws: Aws): Promise<readonly Statuses[]> {
  const list = collect(
    (nextToken) => aws.send(new ListMembersCommand({ onlyAssociated: true, nextToken })),
    ({ members }) => members,
    ({ nextToken }) => nextToken,
  );
  // Only an administrator account may ask, and only while Inspector is enabled.
  const ids = ((await undefinedOn(['AccessDeniedException'], list)) ?? []).flatMap(({ accountId }) => accountId ?? []);
  const found: Statuses[] = [];
  for (const group of inGroups(ids, maxAccounts)) {
    // A closed account makes the request fail for all; asked alone, it counts as lacking every scan.
    found.push(...((await undefinedOn(unreadable, readStatuses(group, aws))) ?? [nothing]));
  }
  return found;
}

/** Whether an error says that Inspector has no status for the account. */
const unreadable = ['ACCESS_DENIED', 'ACCOUNT_IS_ISOLATED', 'RESOURCE_NOT_FOUND'];
