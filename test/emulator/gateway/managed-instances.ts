import { jsonAnswer } from './error';
import type { LocalOperations, Place } from './local';
import type { Operation } from './operation';
import type { Answer } from './upstream';

/**
 * The part of Systems Manager that moto lacks: the agent of an instance answers from when it is given a profile, until that is taken
 * away; the patches it lacks are what PutInventory said last of `Custom:MissingPatches`.
 */
export const emulateManagedInstances = () => {
  const agents = new Map<string, string>();
  const lacking = new Map<string, number>();
  const keyOf = (id: unknown, { account, region }: Place) => `${account} ${region} ${String(id)}`;
  const operations: LocalOperations = {
    'ssm:DescribeInstanceInformation': ({ input }, place) => {
      const { Filters: [{ Values: sought } = {}] = [] } = input as { Filters?: readonly { Values?: readonly string[] }[] };
      const here = [...agents.values()].filter((id) => agents.has(keyOf(id, place)) && (!sought || sought.includes(id)));
      return jsonAnswer({ InstanceInformationList: here.map((InstanceId) => ({ InstanceId, PingStatus: 'Online' })) });
    },
    'ssm:PutInventory': ({ input }, place) => {
      const { InstanceId, Items } = input as { InstanceId: string; Items: readonly { TypeName: string; Content: readonly object[] }[] };
      lacking.set(keyOf(InstanceId, place), Items.find(({ TypeName }) => TypeName === 'Custom:MissingPatches')?.Content.length ?? 0);
      return jsonAnswer({});
    },
    'ssm:DescribeInstancePatchStates': ({ input }, place) => {
      const ids = (input.InstanceIds as readonly string[]).filter((id) => lacking.has(keyOf(id, place)));
      return jsonAnswer({
        InstancePatchStates: ids.map((InstanceId) => ({ InstanceId, MissingCount: lacking.get(keyOf(InstanceId, place)) })),
      });
    },
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
