import { jsonAnswer } from './error';
import { findingsFrom } from './inspector-findings';
import type { LocalOperations, Place } from './local';
import type { Operation } from './operation';
import type { Answer } from './upstream';

type Item = Readonly<Record<string, string>>;

/** By type, what PutInventory said last. */
type Inventory = ReadonlyMap<string, { readonly captured: string; readonly content: readonly Item[] }>;

interface Put {
  readonly InstanceId: string;
  readonly Items: readonly { readonly TypeName: string; readonly CaptureTime: string; readonly Content: readonly Item[] }[];
}

/**
 * The part of Systems Manager and Inspector that moto lacks: the agent of an instance answers from when it is given a profile, until that is taken
 * away; the patches it lacks, those that wait for a restart, and its vulnerable packages are what PutInventory said last of `Custom:MissingPatches`,
 * `Custom:PendingPatches` and `Custom:VulnerablePackages`.
 */
export const emulateManagedInstances = () => {
  const agents = new Map<string, string>();
  const inventories = new Map<string, Inventory>();
  const keyOf = (id: unknown, { account, region }: Place) => `${account} ${region} ${String(id)}`;
  const of = (id: unknown, place: Place, type: string) => inventories.get(keyOf(id, place))?.get(type);
  const count = (id: unknown, place: Place, type: string) => of(id, place, type)?.content.length ?? 0;
  const operations: LocalOperations = {
    'ssm:DescribeInstanceInformation': ({ input }, place) => {
      const { Filters: [{ Values: sought } = {}] = [] } = input as { Filters?: readonly { Values?: readonly string[] }[] };
      const here = [...agents.values()].filter((id) => agents.has(keyOf(id, place)) && (!sought || sought.includes(id)));
      const system = { PingStatus: 'Online', PlatformType: 'Linux', PlatformName: 'Amazon Linux' };
      return jsonAnswer({ InstanceInformationList: here.map((InstanceId) => ({ InstanceId, ...system })) });
    },
    'ssm:PutInventory': ({ input }, place) => {
      const { InstanceId, Items } = input as unknown as Put;
      const said = Items.map(({ TypeName, CaptureTime, Content }) => [TypeName, { captured: CaptureTime, content: Content }] as const);
      const key = keyOf(InstanceId, place);
      inventories.set(key, new Map([...(inventories.get(key) ?? []), ...said]));
      return jsonAnswer({});
    },
    'ssm:ListInventoryEntries': ({ input }, place) => {
      const { InstanceId, TypeName, MaxResults, NextToken = '0' } = input as Readonly<Record<string, string>>;
      const found = of(InstanceId, place, TypeName ?? '');
      const from = Number(NextToken);
      const to = from + Number(MaxResults ?? 50);
      const more = found !== undefined && to < found.content.length;
      return jsonAnswer({
        InstanceId,
        TypeName,
        ...(found && { CaptureTime: found.captured, SchemaVersion: '1.1' }),
        Entries: found?.content.slice(from, to) ?? [],
        ...(more && { NextToken: String(to) }),
      });
    },
    'ssm:DescribeInstancePatchStates': ({ input }, place) => {
      const ids = (input.InstanceIds as readonly string[]).filter((id) => inventories.has(keyOf(id, place)));
      return jsonAnswer({
        InstancePatchStates: ids.map((InstanceId) => ({
          InstanceId,
          MissingCount: count(InstanceId, place, 'Custom:MissingPatches'),
          InstalledPendingRebootCount: count(InstanceId, place, 'Custom:PendingPatches'),
        })),
      });
    },
    'inspector2:ListFindings': ({ input }, place) =>
      jsonAnswer(findingsFrom((id) => of(id, place, 'Custom:VulnerablePackages')?.content ?? [], input, place)),
  };
  return {
    operations,
    /** Notes who is given a profile, and by whom it is lost. */
    noted({ service, name, input }: Operation, place: Place, answer: Answer): Answer {
      if (service !== 'ec2' || answer.status !== 200 || !/^(Associate|Disassociate)IamInstanceProfile$/.test(name)) return answer;
      const id = /<instanceId>([^<]*)</.exec(answer.body.toString())?.[1] ?? String(input.InstanceId);
      if (name.startsWith('A')) agents.set(keyOf(id, place), id);
      else agents.delete(keyOf(id, place));
      return answer;
    },
  };
};
