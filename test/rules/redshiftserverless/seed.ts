import {
  CreateWorkgroupCommand,
  type CreateWorkgroupCommandInput,
  ListWorkgroupsCommand,
  type Workgroup,
} from '@aws-sdk/client-redshift-serverless';
import type { Aws, AwsCommand } from '../../../rules/rule';
import type { World } from '../../contract/scenario';

/** A workgroup; its ARN. */
export const workgroupWith =
  (input: Partial<CreateWorkgroupCommandInput>) =>
  async (world: World): Promise<string> => {
    const workgroupName = `workgroup-${Math.random().toString(36).slice(2)}`;
    const { workgroup } = await world.send(new CreateWorkgroupCommand({ workgroupName, namespaceName: 'sales', ...input }));
    return workgroup?.workgroupArn ?? '';
  };

export async function workgroupAt(world: World, arn: string): Promise<Workgroup> {
  const { workgroups } = await world.send(new ListWorkgroupsCommand({}));
  return workgroups?.find(({ workgroupArn }) => workgroupArn === arn) ?? ({} as Workgroup);
}

/** Redshift Serverless, knowing these workgroups alone, on two pages. */
export function answering(...all: readonly Workgroup[]): Aws {
  return {
    async send<Output>(command: AwsCommand<Output>) {
      expect(command).toBeInstanceOf(ListWorkgroupsCommand);
      const { nextToken } = command.input as { nextToken?: string };
      return (nextToken === undefined ? { workgroups: all.slice(0, 1), nextToken: 'more' } : { workgroups: all.slice(1) }) as Output;
    },
  };
}

export const sales = {
  type: 'AWS::RedshiftServerless::Workgroup',
  id: '0b7a1f52',
  arn: 'arn:aws:redshift-serverless:eu-west-1:111122223333:workgroup/0b7a1f52',
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
};
