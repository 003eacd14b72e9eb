import type { Policy } from '../../functions/policy/policy';
import { type Account, freshAccount } from '../emulator/account';
import { type Gateway, startGateway } from '../emulator/gateway';
import { startMoto } from '../emulator/moto';
import { copyPolicy } from './copy-policy';
import { type Deployment, deploy } from './deploy';
import { isolate } from './isolate';
import type { Progress } from './print/progress';

/** The account that the emulator takes callers with unknown keys for: `posture` finds it with any. */
const demoAccount = '123456789012';

/** Where the demo plays: the emulator, an account in it, and the app deployed there. */
export interface Stage {
  readonly gateway: Gateway;
  readonly account: Account;
  readonly deployment: Deployment;
}

/** Starts the emulator and deploys the app to it, with the policy. What has to be stopped at the end is pushed on `closing`. */
export async function setStage(policy: Policy, progress: Progress, closing: (() => Promise<void>)[]): Promise<Stage> {
  isolate();
  progress.doing('Starting the emulator of the AWS APIs');
  const moto = await startMoto({ progress: (line) => progress.detail(line) });
  closing.push(moto.stop);
  const gateway = await startGateway({ upstream: moto.url });
  closing.push(gateway.stop);
  process.env.AWS_ENDPOINT_URL = gateway.url;
  const account = await freshAccount(gateway, { account: demoAccount });
  const deployment = await deploy(account, gateway, policy, progress.doing);
  // From here on, a function and its rule may do what their roles of the templates allow, and nothing else.
  gateway.enforce({ on: true });
  await copyPolicy(account, gateway, deployment);
  return { gateway, account, deployment };
}
