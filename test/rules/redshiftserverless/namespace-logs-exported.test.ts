import {
  CreateNamespaceCommand,
  ListNamespacesCommand,
  type LogExport,
  type Namespace,
  UpdateNamespaceCommand,
} from '@aws-sdk/client-redshift-serverless';
import rule from '../../../rules/redshiftserverless/namespace-logs-exported';
import type { Aws, AwsCommand } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import { planOf } from '../../contract/plan-of';
import type { World } from '../../contract/scenario';

describeRule(rule, {
  violations: {
    'a namespace that exports nothing': {
      seed: namespaceWith(),
      configId: async (world, arn) => (await namespaceAt(world, arn)).namespaceName ?? '',
      fixed: async (world, arn) => expect((await namespaceAt(world, arn)).logExports).toEqual(['connectionlog', 'userlog']),
    },
    'a namespace that exports another log, by its id': {
      seed: namespaceWith('useractivitylog'),
      configId: async (world, arn) => (await namespaceAt(world, arn)).namespaceId ?? '',
      fixed: async (world, arn) =>
        expect((await namespaceAt(world, arn)).logExports).toEqual(['connectionlog', 'useractivitylog', 'userlog']),
      rolledBack: async (world, arn) => expect((await namespaceAt(world, arn)).logExports).toEqual(['useractivitylog']),
    },
    'a namespace that somebody lets export more before the rollback': {
      seed: namespaceWith('userlog'),
      async meanwhile(world, arn) {
        const { namespaceName } = await namespaceAt(world, arn);
        await world.send(new UpdateNamespaceCommand({ namespaceName, logExports: ['connectionlog', 'useractivitylog', 'userlog'] }));
      },
      rolledBack: async (world, arn) => expect((await namespaceAt(world, arn)).logExports).toEqual(['useractivitylog', 'userlog']),
    },
  },
  compliant: {
    'a namespace that exports who connects': { seed: namespaceWith('userlog', 'connectionlog') },
    'a namespace whose owner wants less': { seed: namespaceWith('userlog'), parameters: { logTypes: ['userlog'] } },
  },
  missing: '0b7a1f52-5b2c-4c1e-9d3e-8a4f6c7d8e9f',
});

const sales = {
  type: 'AWS::RedshiftServerless::Namespace',
  id: '0b7a1f52',
  arn: 'arn:aws:redshift-serverless:eu-west-1:111122223333:namespace/0b7a1f52',
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
};

/** Redshift Serverless, knowing these namespaces alone, on two pages. */
const answering = (...all: readonly Namespace[]): Aws => ({
  async send<Output>(command: AwsCommand<Output>) {
    expect(command).toBeInstanceOf(ListNamespacesCommand);
    const { nextToken } = command.input as { nextToken?: string };
    return (nextToken === undefined ? { namespaces: all.slice(0, 1), nextToken: 'more' } : { namespaces: all.slice(1) }) as Output;
  },
});

it.each(['MODIFYING', 'DELETING', undefined] as const)('waits while a namespace is %s', async (status) => {
  const state = await rule.inspect(sales, answering({ namespaceArn: 'other' }, { namespaceArn: sales.arn, status }));
  const parameters = { logTypes: ['userlog' as const] };
  const plan = planOf(rule, sales, state, { parameters, detectedBy: 'RedshiftServerless.6', now: new Date(0) });
  expect(plan).toEqual({ blocked: expect.stringContaining(status ?? 'unknown'), code: 'being-modified' });
});

it('takes nothing back that somebody has', () => {
  const state = (...exported: LogExport[]) => ({ name: 'sales', exported });
  const logs = { before: state('useractivitylog'), after: state('useractivitylog', 'userlog'), parameters: { logTypes: [] } };
  expect(rule.revertOwnPart?.(sales, state('useractivitylog'), logs)).toEqual([]);
  expect(rule.revertOwnPart?.(sales, state(), logs)).toEqual([]);
});

it('lists the namespaces of all pages', async () => {
  expect(await rule.list?.(sales, answering({ namespaceArn: 'a' }, { namespaceArn: 'b' }))).toEqual(['a', 'b']);
});

function namespaceWith(...logExports: LogExport[]) {
  return async (world: World): Promise<string> => {
    const namespaceName = `namespace-${Math.random().toString(36).slice(2)}`;
    const { namespace } = await world.send(new CreateNamespaceCommand({ namespaceName, logExports }));
    return namespace?.namespaceArn ?? '';
  };
}

async function namespaceAt(world: World, arn: string): Promise<Namespace> {
  const { namespaces = [] } = await world.send(new ListNamespacesCommand({}));
  return namespaces.find(({ namespaceArn }) => namespaceArn === arn) ?? {};
}
