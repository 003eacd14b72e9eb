import { IAMClient } from '@aws-sdk/client-iam';
import { connect } from '../../functions/aws/connection';
import type { ClientClass } from '../../rules/rule';
import type { World } from '../contract/scenario';
import type { Account } from '../emulator/account';

/** IAM of an account as its owner sees it, for the seeds of rules. */
export const iamWorldOf = (account: Account): World => {
  const client = account.client(IAMClient);
  return worldOf(account, (command) => client.send(command as never) as never);
};

/** Services of an account as its owner sees them. */
export const worldWith = (account: Account, clients: readonly ClientClass[]): World => {
  const connection = connect(clients, { region: account.region, credentials: account.configuration.credentials });
  return worldOf(account, (command) => connection.send(command));
};

function worldOf({ account, region }: Account, send: World['send']): World {
  const world: World = { partition: 'aws', account, region, send, in: () => world };
  return world;
}
