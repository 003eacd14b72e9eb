import path from 'node:path';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateScheduleGroupCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { canonicalJson } from '../../functions/canonical-json';
import { loadRules } from '../../functions/catalogue/catalogue';
import type { Policy } from '../../functions/policy/policy';
import type { Bundle } from '../../infra/bundle';
import { names, namesOf, ownNames } from '../../infra/names';
import { synthesize } from '../../infra/synth';
import type { Rule } from '../../rules/rule';
import { type Account, type AccountCredentials, functionCredentials } from '../emulator/account';
import { deployStacks } from '../emulator/deploy-stacks';
import type { Gateway } from '../emulator/gateway';
import type { Route } from './case';

/** A function as the templates deployed it. */
export interface DeployedFunction {
  readonly name: string;
  /** The ARN of its role. */
  readonly role: string;
  /** `index.handler`. */
  readonly handler: string;
  /** The folder with its bundle. */
  readonly code: string;
  readonly bytes: number;
  readonly timeoutSeconds: number;
  /** In megabytes. */
  readonly memory: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Of its role. */
  readonly credentials: AccountCredentials;
}

export interface RuleFunction extends DeployedFunction {
  /** The ARN of the rule's role in the account of the demo. */
  readonly memberRole: string;
}

/** The app as it stands in the emulator. */
export interface Deployment {
  readonly rules: readonly Rule[];
  /** With the patterns of the synthesized templates. */
  readonly routes: readonly Route[];
  /** By rule id. */
  readonly functions: ReadonlyMap<string, RuleFunction>;
  /** By which people are told, and give orders. */
  readonly notify: DeployedFunction;
  readonly control: DeployedFunction;
  readonly logTable: string;
  readonly ordersTable: string;
  readonly coordinationTable: string;
}

/** Synthesizes the app, bundles with it, and deploys its stacks. */
export async function deploy(account: Account, gateway: Gateway, policy: Policy, doing: (what: string) => void): Promise<Deployment> {
  doing('Bundling the functions and synthesizing the app');
  const entries = loadRules();
  const { assembly, bundles, catalogueBundles, patterns } = await synthesize({
    outdir: path.resolve(__dirname, '../../build/demo'),
    policy: canonicalJson(policy),
    entries,
  });

  doing('Deploying the stacks with the CloudFormation of the emulator');
  await deployStacks(account, assembly, ['PostureMember', 'Posture']);
  // Its CloudFormation makes no schedule groups.
  await account.client(SchedulerClient).send(new CreateScheduleGroupCommand({ Name: names.scheduleGroup }));

  const rules = entries.map(({ rule }) => rule);
  const lambda = account.client(LambdaClient);
  const functions = new Map<string, RuleFunction>();
  for (const { id } of rules) functions.set(id, withMemberRole(await readFunction(namesOf(id).function, bundles.get(id))));
  return {
    rules,
    routes: rules.map((rule) => ({ rule, patterns: patterns.get(rule.id) ?? [] })),
    functions,
    notify: await readFunction(ownNames('notify').function, bundles.get('notify')),
    control: await readFunction(ownNames('control').function, catalogueBundles.control),
    logTable: names.log,
    ordersTable: names.orders,
    coordinationTable: names.coordination,
  };

  function withMemberRole(deployed: DeployedFunction): RuleFunction {
    const memberRole = (deployed.environment.MEMBER_ROLE ?? '').replace('{partition}', 'aws').replace('{account}', account.account);
    return { ...deployed, memberRole };
  }

  async function readFunction(name: string, bundle?: Bundle): Promise<DeployedFunction> {
    const {
      Role = '',
      Handler = '',
      Timeout,
      MemorySize,
      Environment,
    } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
    return {
      name,
      role: Role,
      handler: Handler,
      code: bundle?.folder ?? '',
      bytes: bundle?.bytes ?? 0,
      timeoutSeconds: Timeout ?? 3,
      memory: MemorySize ?? 128,
      environment: Environment?.Variables ?? {},
      credentials: await functionCredentials(gateway, { role: Role, name, region: account.region }),
    };
  }
}
