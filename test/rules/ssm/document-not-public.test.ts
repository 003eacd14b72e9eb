import { CreateDocumentCommand, DescribeDocumentPermissionCommand, ModifyDocumentPermissionCommand } from '@aws-sdk/client-ssm';
import { isChanges } from '../../../functions/plan/change';
import type { Aws, AwsCommand } from '../../../rules/rule';
import rule from '../../../rules/ssm/document-not-public';
import { describeRule } from '../../contract/describe-rule';
import { planOf } from '../../contract/plan-of';
import type { World } from '../../contract/scenario';

const theirs = '999988887777';

describeRule(rule, {
  violations: {
    'a document for everybody': {
      seed: sharedWith('all'),
      fixed: async (world, id) => expect(await sharingOf(world, id)).toEqual([]),
    },
    'a document of which everybody sees the latest version': {
      seed: sharedWith('all', '$LATEST'),
      rolledBack: async (world, id) =>
        expect(await sharingOf(world, id)).toMatchObject([{ AccountId: 'all', SharedDocumentVersion: '$LATEST' }]),
    },
  },
  compliant: {
    'a document of the account alone': { seed: sharedWith() },
    'a document for another account': { seed: sharedWith(theirs) },
  },
  missing: 'no-such-document',
});

function sharedWith(account?: string, SharedDocumentVersion?: string) {
  return async (world: World): Promise<string> => {
    const Name = 'restart-shop';
    const Content = JSON.stringify({ schemaVersion: '2.2', description: 'Restarts the shop', mainSteps: [] });
    await world.send(new CreateDocumentCommand({ Name, Content, DocumentType: 'Command', Tags: [{ Key: 'team', Value: 'red' }] }));
    if (account === undefined) return Name;
    const AccountIdsToAdd = [account];
    await world.send(new ModifyDocumentPermissionCommand({ Name, PermissionType: 'Share', AccountIdsToAdd, SharedDocumentVersion }));
    return Name;
  };
}

async function sharingOf(world: World, Name: string) {
  return (await world.send(new DescribeDocumentPermissionCommand({ Name, PermissionType: 'Share' }))).AccountSharingInfoList;
}

describe('all pages', () => {
  const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
  const resource = { ...place, type: 'AWS::SSM::Document', id: 'shop', arn: 'arn:aws:ssm:eu-west-1:111122223333:document/shop' };
  const aws: Aws = {
    async send<Output>({ input }: AwsCommand<Output>) {
      const { NextToken } = input as { NextToken?: string };
      const all = { AccountIds: ['all'], AccountSharingInfoList: [{ AccountId: 'all', SharedDocumentVersion: '$ALL' }] };
      const first = { AccountIds: [theirs], AccountSharingInfoList: [{ AccountId: theirs, SharedDocumentVersion: '1' }], NextToken: '2' };
      const names = { DocumentIdentifiers: [{ Name: NextToken ? 'b' : 'a' }] };
      return { ...(NextToken ? all : first), ...names } as Output;
    },
  };

  it('are read, and everybody gets back the version that they had', async () => {
    const state = await rule.inspect(resource, aws);
    expect(state).toEqual({ public: true, version: '$ALL' });
    const plan = planOf(rule, resource, state, { parameters: {}, detectedBy: 'SSM.4', now: new Date(0) });
    expect(isChanges(plan) && plan).toMatchObject([{ undo: { input: { AccountIdsToAdd: ['all'], SharedDocumentVersion: '$ALL' } } }]);
    expect(await rule.list?.(place, aws)).toEqual(['a', 'b']);
  });
});
