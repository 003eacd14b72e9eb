import { CreateAccessKeyCommand, CreateUserCommand, ListAccessKeysCommand } from '@aws-sdk/client-iam';
import type { Reply } from '../../functions/control/reply';
import type { Result } from '../../functions/remediate/context';
import type { World } from '../contract/scenario';
import { guardDutyFinding } from '../events/service-finding';
import { instanceIn, network } from '../rules/ec2/instance/compromised';
import { pathsOf } from '../rules/ec2/instance/paths';
import { type Desk, onlyResult, openDesk, resultOf } from './desk';
import type { Stage } from './stage';

/** A threat, and what becomes of it. The texts say how the owner sees the resource, without a word of ours. */
export interface Response {
  readonly finding: string;
  readonly threat: string;
  readonly asked: Result;
  readonly approved: Reply;
  readonly contained: Result;
  readonly released: Reply;
  readonly rolledBack: Result;
  readonly seen: { readonly before: string; readonly asked: string; readonly contained: string; readonly released: string };
}

interface Threat {
  readonly rule: string;
  readonly threat: string;
  readonly event: { readonly detail: { readonly type: string; readonly resource: object } };
  /** What the owner sees. */
  readonly look: () => Promise<string>;
}

/** GuardDuty reports an instance that mines coins, and a stolen access key: each is contained after an approval, and released. */
export async function respond(stage: Stage, world: World): Promise<readonly Response[]> {
  const desk = await openDesk(stage);
  try {
    const responses: Response[] = [];
    for (const threat of [await mining(world), await stolenKey(world)]) responses.push(await play(threat, desk));
    return responses;
  } finally {
    await desk.close();
  }
}

async function play({ rule, threat, event, look }: Threat, desk: Desk): Promise<Response> {
  const remediator = desk.remediator(rule);
  const before = await look();
  const asked = onlyResult(await resultOf(remediator, event));
  const { remediation } = asked;
  const seen = { before, asked: await look() };
  const approved = await desk.order('on call', { order: 'approve', remediation, why: 'it is under attack' });
  const [contained] = await desk.delivered(remediator);
  const seenContained = await look();
  const released = await desk.order('on call', { order: 'rollback', remediation, why: 'the investigation is over' });
  const [rolledBack] = await desk.delivered(remediator);
  if (!contained || !rolledBack) throw new Error(`The request about ${rule} had no result.`);
  const all = { ...seen, contained: seenContained, released: await look() };
  return { finding: event.detail.type, threat, asked, approved, contained, released, rolledBack, seen: all };
}

async function mining(world: World): Promise<Threat> {
  const { account, region } = world;
  const id = await instanceIn(world, await network(world));
  const resource = { type: 'AWS::EC2::Instance', arn: `arn:aws:ec2:${region}:${account}:instance/${id}` };
  return {
    rule: 'ec2-instance-isolated',
    threat: `the instance ${id} mines coins`,
    event: guardDutyFinding({ type: 'CryptoCurrency:EC2/BitcoinTool.B!DNS', resource, resourceRole: 'ACTOR', account, region }),
    look: async () => {
      const paths = await pathsOf(world, id);
      return paths.length === 0 ? 'no network path' : `${paths.length} network paths`;
    },
  };
}

async function stolenKey(world: World): Promise<Threat> {
  const { account, region } = world;
  const UserName = 'badly-kept-user';
  await world.send(new CreateUserCommand({ UserName }));
  const { AccessKey } = await world.send(new CreateAccessKeyCommand({ UserName }));
  const event = guardDutyFinding({
    type: 'UnauthorizedAccess:IAMUser/MaliciousIPCaller',
    resource: { type: 'AWS::IAM::User', arn: `arn:aws:iam::${account}:user/${UserName}` },
    account,
    region,
  });
  const accessKeyDetails = { accessKeyId: AccessKey?.AccessKeyId, principalId: 'AIDAEXAMPLE', userName: UserName, userType: 'IAMUser' };
  return {
    rule: 'iam-user-access-key-deactivated',
    threat: `the access key of ${UserName} is used from a malicious address`,
    event: { ...event, detail: { ...event.detail, resource: { resourceType: 'AccessKey', accessKeyDetails } } },
    look: async () => `the key is ${(await world.send(new ListAccessKeysCommand({ UserName }))).AccessKeyMetadata?.[0]?.Status}`,
  };
}
