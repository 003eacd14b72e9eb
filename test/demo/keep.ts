import { setTimeout } from 'node:timers/promises';
import { openPolicy } from '../../functions/cli/central/deployed-policy';
import { note } from '../../functions/cli/print/printed';
import { channels } from '../../functions/control/channel';
import { startFunctionUrl } from '../emulator/function-url';
import { type LambdaFunction, startLambda } from '../emulator/lambda';
import type { DeployedFunction } from './deploy';
import { resultOf } from './desk';
import { askingFor } from './policies';
import type { Stage } from './stage';

/** Any key is one of the default account; moto says that it is this user. */
const visitor = { accessKeyId: 'demo', secretAccessKey: 'demo', sessionToken: '' };
const arnOfVisitor = (account: string): string => `arn:aws:sts::${account}:user/moto`;

/** Prints how to explore the emulator with the command line, and serves its requests until the process is interrupted. */
export async function keepOpen(stage: Stage, closing: (() => Promise<void>)[]): Promise<void> {
  const { gateway, account } = stage;
  const policy = await openPolicy({ account: account.account, region: account.region, credentials: account.credentials });
  await policy.deploy(askingFor('arn:aws:s3:::badly-kept-*', arnOfVisitor(account.account)), 'The visitor approves.');
  const url = await serveRequests(stage, closing);
  note(`
The emulator runs until Ctrl-C. To explore it, in another terminal in this folder:

  export AWS_ENDPOINT_URL=${gateway.url} AWS_REGION=${account.region}
  export AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo
  export POSTURE_CONTROL_URL=${url}
  npm link    # once; adds the command posture to the PATH of this machine
  posture log --outcome fixed
  posture plan --all
  posture rollback <id of a remediation in the log> --deployed --why "try it"
  posture stop --why "try it"
`);
  await deliverForEver(stage, closing);
}

/** Hosts the control function behind its URL. */
async function serveRequests(stage: Stage, closing: (() => Promise<void>)[]): Promise<string> {
  const control = hosted({ ...stage.deployment.control, alias: channels.url }, stage, closing);
  const url = await startFunctionUrl(stage.account, [visitor], (event) => resultOf(control, event));
  closing.push(url.stop);
  return url.url;
}

/** Delivers what the control function has the functions of rules do. */
async function deliverForEver(stage: Stage, closing: (() => Promise<void>)[]): Promise<never> {
  const hosts = new Map<string, LambdaFunction>();
  for (;;) {
    for (const { function: name, event } of stage.gateway.invocations.splice(0)) {
      const deployed = [...stage.deployment.functions.values()].find((one) => one.name === name);
      if (!deployed) continue;
      const host = hosts.get(name) ?? hosted(deployed, stage, closing);
      hosts.set(name, host);
      await resultOf(host, event).catch((error: unknown) => note(String(error)));
    }
    await setTimeout(500);
  }
}

function hosted(
  deployed: DeployedFunction & { readonly alias?: string },
  { gateway, account: { account, region } }: Stage,
  closing: (() => Promise<void>)[],
): LambdaFunction {
  const host = startLambda({ ...deployed, account, region, endpoint: gateway.url, concurrency: 1 });
  closing.push(host.stop);
  return host;
}
