import {
  AppConfigClient,
  CreateApplicationCommand,
  CreateConfigurationProfileCommand,
  CreateDeploymentStrategyCommand,
  CreateEnvironmentCommand,
  CreateHostedConfigurationVersionCommand,
  StartDeploymentCommand,
} from '@aws-sdk/client-appconfig';
import type { Account } from './account';

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }>>;
}

/** In the order in which one needs the other. */
const kinds = [
  'Application',
  'Environment',
  'ConfigurationProfile',
  'DeploymentStrategy',
  'HostedConfigurationVersion',
  'Deployment',
] as const;
type Kind = (typeof kinds)[number];

/** Makes the template's resources of AppConfig, which the emulator's CloudFormation passes over, and returns the template with their ids for the references to them. */
export async function withAppConfig(account: Account, text: string): Promise<string> {
  const { Resources } = JSON.parse(text) as Template;
  const client = account.client(AppConfigClient);
  const ids = new Map<string, string>();
  for (const kind of kinds) {
    for (const [logicalId, { Type, Properties = {} }] of Object.entries(Resources)) {
      if (Type === `AWS::AppConfig::${kind}`) ids.set(logicalId, await make(client, kind, referred(Properties, ids) as never));
    }
  }
  client.destroy();
  return ids.size === 0 ? text : JSON.stringify(referred(JSON.parse(text), ids));
}

async function make(client: AppConfigClient, kind: Kind, input: never): Promise<string> {
  const { Content = '' } = input as { Content?: string };
  switch (kind) {
    case 'Application':
      return (await client.send(new CreateApplicationCommand(input))).Id ?? '';
    case 'Environment':
      return (await client.send(new CreateEnvironmentCommand(input))).Id ?? '';
    case 'ConfigurationProfile': {
      // What a Lambda function would check is for the tests of the validator.
      const { Validators: _, ...rest } = input as { Validators?: unknown };
      return (await client.send(new CreateConfigurationProfileCommand(rest as never))).Id ?? '';
    }
    case 'DeploymentStrategy':
      return (await client.send(new CreateDeploymentStrategyCommand(input))).Id ?? '';
    case 'HostedConfigurationVersion': {
      const made = await client.send(
        new CreateHostedConfigurationVersionCommand({ ...(input as object), Content: new TextEncoder().encode(Content) } as never),
      );
      return String(made.VersionNumber);
    }
    case 'Deployment':
      return String((await client.send(new StartDeploymentCommand(input))).DeploymentNumber);
  }
}

/** The value with the ids in the place of `{ Ref }`. */
function referred(value: unknown, ids: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => referred(item, ids));
  if (typeof value !== 'object' || value === null) return value;
  const { Ref } = value as { Ref?: unknown };
  if (typeof Ref === 'string' && ids.has(Ref)) return ids.get(Ref);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, referred(item, ids)]));
}
