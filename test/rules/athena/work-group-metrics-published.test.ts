import {
  AthenaClient,
  CreateWorkGroupCommand,
  GetWorkGroupCommand,
  ListTagsForResourceCommand,
  UpdateWorkGroupCommand,
  type WorkGroupConfiguration,
} from '@aws-sdk/client-athena';
import { workGroup } from '../../../rules/athena/work-group/resource';
import rule from '../../../rules/athena/work-group-metrics-published';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { standIn } from '../../contract/stand-in';

// moto changes no workgroup, lists no tags of one, and answers that there is none with nothing.
const updates = new Map<string, object>();
standIn(AthenaClient, async (command, send) => {
  if (command instanceof UpdateWorkGroupCommand) {
    const { WorkGroup = '', ConfigurationUpdates } = command.input;
    updates.set(WorkGroup, { ...updates.get(WorkGroup), ...ConfigurationUpdates });
    return {};
  }
  if (command instanceof ListTagsForResourceCommand) return { Tags: [] };
  const answer: { WorkGroup?: { Configuration?: object } } = await send(command);
  if (!(command instanceof GetWorkGroupCommand)) return answer;
  if (!answer.WorkGroup) throw Object.assign(new Error('WorkGroup is not found.'), { name: 'InvalidRequestException' });
  const Configuration = { ...answer.WorkGroup.Configuration, ...updates.get(command.input.WorkGroup ?? '') };
  return { WorkGroup: { ...answer.WorkGroup, Configuration } };
});

const kept = { EnforceWorkGroupConfiguration: true, ResultConfiguration: { OutputLocation: 's3://results/' } };

describeRule(rule, {
  violations: {
    'a workgroup that publishes nothing': {
      seed: newGroup({ ...kept, PublishCloudWatchMetricsEnabled: false }),
      fixed: async (world, name) => expect(await settingsOf(world, name)).toMatchObject({ ...kept, PublishCloudWatchMetricsEnabled: true }),
    },
    'a workgroup that says nothing of it': { seed: newGroup(kept) },
  },
  compliant: { 'a workgroup that publishes': { seed: newGroup({ PublishCloudWatchMetricsEnabled: true }) } },
  missing: 'no-such-group',
});

it('lists the workgroups of all pages, and reads all tags', async () => {
  const aws = {
    async send({ input }: { input: { NextToken?: string } }) {
      return input.NextToken
        ? { WorkGroups: [{ Name: 'b' }], Tags: [{ Key: 'team', Value: 'red' }] }
        : { WorkGroups: [{ Name: 'a' }, {}], Tags: [{ Key: 'stage' }], NextToken: 'more' };
    },
  } as never;
  const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
  expect(await rule.list?.(place, aws)).toEqual(['a', 'b']);
  const arn = 'arn:aws:athena:eu-west-1:111122223333:workgroup/a';
  expect(await workGroup.tags?.({ ...place, type: workGroup.type, id: 'a', arn }, aws)).toEqual({ team: 'red', stage: '' });
});

function newGroup(Configuration: WorkGroupConfiguration) {
  return async (world: World): Promise<string> => {
    const Name = `group-${Math.random().toString(36).slice(2)}`;
    await world.send(new CreateWorkGroupCommand({ Name, Configuration }));
    return Name;
  };
}

async function settingsOf(world: World, name: string) {
  return (await world.send(new GetWorkGroupCommand({ WorkGroup: name }))).WorkGroup?.Configuration;
}
