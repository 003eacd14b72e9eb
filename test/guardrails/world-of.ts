import { IAMClient } from '@aws-sdk/client-iam';
import type { AwsCommand } from '../../rules/rule';
import type { World } from '../contract/scenario';
import type { Account } from '../emulator/account';

/** IAM of an account as its owner sees it, for the seeds of rules. */
export const iamWorldOf = (account: Account): World => {
  const client = account.client(IAMClient);
  const world: World = {
    partition: 'aws',
    account: account.account,
    region: account.region,
    send: <Output>(command: AwsCommand<Output>) => client.send(command as never) as Promise<Output>,
    in: () => world,
  };
  return world;
};
