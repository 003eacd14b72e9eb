import { type Given, openControl } from '../../functions/cli/order/control';
import { channels } from '../../functions/control/channel';
import type { Reply } from '../../functions/control/reply';
import type { Result } from '../../functions/remediate/context';
import type { Answer } from '../../functions/rule-function/handler';
import { type AccountCredentials, assumeRole } from '../emulator/account';
import { startFunctionUrl } from '../emulator/function-url';
import { type LambdaFunction, startLambda } from '../emulator/lambda';
import type { DeployedFunction } from './deploy';
import type { Stage } from './stage';

/** The role of who may say yes, and that of somebody who may not. */
export const approver = 'OnCall';
const bystander = 'Intern';

/** Where people give orders: the control function behind its URL, and the functions that carry them out. */
export interface Desk {
  readonly host: (deployed: DeployedFunction & { readonly alias?: string }) => LambdaFunction;
  /** The function of a rule. */
  readonly remediator: (rule: string) => LambdaFunction;
  readonly order: (by: 'on call' | 'intern', given: Given) => Promise<Reply>;
  /** Delivers what the control function had the rule's function do. */
  readonly delivered: (to: LambdaFunction) => Promise<readonly Result[]>;
  readonly close: () => Promise<void>;
}

export async function openDesk({ gateway, account: home, deployment }: Stage): Promise<Desk> {
  const { account, region } = home;
  const hosts: LambdaFunction[] = [];
  const host: Desk['host'] = (deployed) => {
    const environment = withDocumentsIn(deployed.environment, gateway.url);
    const started = startLambda({ ...deployed, environment, account, region, endpoint: gateway.url, concurrency: 1 });
    hosts.push(started);
    return started;
  };
  const controller = host({ ...deployment.control, alias: channels.url });
  const [onCall, intern] = await Promise.all(
    [approver, bystander].map((role) => assumeRole(gateway, `arn:aws:iam::${account}:role/${role}`, region)),
  );
  if (!onCall || !intern) throw new Error('The emulator gave no credentials.');
  const url = await startFunctionUrl(home, [onCall, intern], (event) => resultOf(controller, event));
  process.env.POSTURE_CONTROL_URL = url.url;
  const sent = async (credentials: AccountCredentials, given: Given): Promise<Reply> => {
    const caller = { partition: 'aws', account, region, arn: '', userId: '', credentials: async () => credentials };
    return (await openControl({ ...caller, credentialsFor: () => caller.credentials }))(given);
  };
  const remediators = new Map<string, LambdaFunction>();
  return {
    host,
    remediator(rule) {
      const deployed = deployment.functions.get(rule);
      if (!deployed) throw new Error(`No function is deployed for ${rule}.`);
      const remediator = remediators.get(rule) ?? host(deployed);
      remediators.set(rule, remediator);
      return remediator;
    },
    order: (by, given) => sent(by === 'intern' ? intern : onCall, given),
    async delivered(to) {
      const results: Result[] = [];
      for (const { event } of gateway.invocations.splice(0)) results.push(onlyResult(await resultOf(to, event)));
      return results;
    },
    async close() {
      delete process.env.POSTURE_CONTROL_URL;
      await url.stop();
      await Promise.all(hosts.map((one) => one.stop()));
    },
  };
}

/** The bucket for documents as the emulator has it: not by a host name of its own. */
function withDocumentsIn(
  { DOCUMENTS, ...environment }: DeployedFunction['environment'],
  emulator: string,
): DeployedFunction['environment'] {
  const [, bucket, folder] = /^https:\/\/([^.]+)\.s3[^/]*\/(.*)$/.exec(DOCUMENTS ?? '') ?? [];
  return bucket === undefined ? environment : { ...environment, DOCUMENTS: `${emulator}/${bucket}/${folder}` };
}

export async function resultOf(host: LambdaFunction, event: unknown): Promise<unknown> {
  const invocation = await host.invoke(event);
  if ('result' in invocation) return invocation.result;
  throw new Error(`${host.arn} failed: ${JSON.stringify(invocation)}\n${host.logs.slice(-20).join('\n')}`);
}

export function onlyResult(answer: unknown): Result {
  const { results, refusals } = answer as Answer;
  const [result] = results;
  if (!result || results.length > 1) throw new Error(`One report came to ${results.length} endings: ${JSON.stringify(refusals)}`);
  return result;
}
