import {
  type ConfigurationOptionSetting,
  CreateEnvironmentCommand,
  DescribeConfigurationSettingsCommand,
  DescribeEnvironmentsCommand,
  ElasticBeanstalkClient,
  type EnvironmentStatus,
  ListTagsForResourceCommand,
  UpdateEnvironmentCommand,
} from '@aws-sdk/client-elastic-beanstalk';
import type { AwsCommand } from '../../../rules/rule';
import type { World } from '../../contract/scenario';
import { standIn } from '../../contract/stand-in';

interface Environment {
  readonly EnvironmentId: string;
  readonly EnvironmentName: string;
  readonly EnvironmentArn: string;
  readonly ApplicationName: string;
  readonly Status: string;
  readonly OperationsRole?: string;
  readonly options: Map<string, string>;
}

/** The environments of each account, by its access key: moto updates none. */
const known = new Map<string, Environment[]>();

/** Has Elastic Beanstalk of this test file answer as AWS documents it. */
export function useEnvironments(): void {
  standIn(ElasticBeanstalkClient, async (command, _, client) => {
    const { accessKeyId } = await client.config.credentials();
    const own = known.get(accessKeyId) ?? [];
    known.set(accessKeyId, own);
    return answerFrom(own, command);
  });
}

function answerFrom(own: Environment[], command: AwsCommand): object {
  if (command instanceof CreateEnvironmentCommand) {
    const {
      EnvironmentName = '',
      ApplicationName = '',
      OptionSettings = [],
      Tags = [],
      Description: Status = 'Ready',
      OperationsRole = '',
    } = command.input;
    const EnvironmentArn = Tags[0]?.Value ?? '';
    const EnvironmentId = `e-${String(own.length).padStart(10, 'a')}`;
    const environment = {
      EnvironmentName,
      ApplicationName,
      EnvironmentArn,
      EnvironmentId,
      Status,
      OperationsRole,
      options: new Map<string, string>(),
    };
    set(environment, OptionSettings);
    own.push(environment);
    return environment;
  }
  if (command instanceof DescribeEnvironmentsCommand) {
    const { EnvironmentNames: names, EnvironmentIds: ids } = command.input;
    const asked = own.filter((one) => (names?.includes(one.EnvironmentName) ?? true) && (ids?.includes(one.EnvironmentId) ?? true));
    return { Environments: asked.map(({ options, ...environment }) => environment) };
  }
  if (command instanceof ListTagsForResourceCommand) return { ResourceTags: [{ Key: 'team', Value: 'red' }] };
  const { EnvironmentName } = command.input as { EnvironmentName?: string };
  const found = own.find((one) => one.EnvironmentName === EnvironmentName);
  if (!found) throw Object.assign(new Error('No Environment found.'), { name: 'InvalidParameterValueException' });
  if (command instanceof UpdateEnvironmentCommand) {
    set(found, command.input.OptionSettings ?? []);
    for (const { Namespace, OptionName } of command.input.OptionsToRemove ?? []) found.options.delete(`${Namespace} ${OptionName}`);
    return {};
  }
  if (command instanceof DescribeConfigurationSettingsCommand) return { ConfigurationSettings: settingsOf(found) };
  throw new Error(`There is no ${command.constructor.name} here.`);
}

const set = ({ options }: Environment, settings: readonly ConfigurationOptionSetting[]): void => {
  for (const { Namespace, OptionName, Value = '' } of settings) options.set(`${Namespace} ${OptionName}`, Value);
};

const settingsOf = ({ options }: Environment) => [
  { DeploymentStatus: 'pending', OptionSettings: [] },
  {
    DeploymentStatus: 'deployed',
    OptionSettings: [
      ...[...options].map(([name, Value]) => {
        const [Namespace, OptionName] = name.split(' ');
        return { Namespace, OptionName, Value };
      }),
      { Namespace: 'aws:elasticbeanstalk:application:environment', OptionName: 'PASSWORD', Value: 'only-for-tests' },
      { Namespace: 'aws:elasticbeanstalk:cloudwatch:logs', OptionName: 'DeleteOnTerminate' },
    ],
  },
];

/** Makes an environment of these options, in this status; its ARN. */
export const environmentWith =
  (options: Readonly<Record<string, string>>, status: EnvironmentStatus = 'Ready', operations = 'eb-operations') =>
  async (world: World): Promise<string> => {
    const arn = `arn:aws:elasticbeanstalk:${world.region}:${world.account}:environment/My Shop/shop-live`;
    await world.send(
      new CreateEnvironmentCommand({
        ApplicationName: 'My Shop',
        EnvironmentName: 'shop-live',
        // What AWS decides by itself is told to the stand-in this way.
        Tags: [{ Key: 'arn', Value: arn }],
        Description: status,
        ...(operations && { OperationsRole: `arn:aws:iam::${world.account}:role/${operations}` }),
        OptionSettings: Object.entries(options).map(([name, Value]) => {
          const [Namespace, OptionName] = name.split(' ');
          return { Namespace, OptionName, Value };
        }),
      }),
    );
    return arn;
  };

/** The options of the environment, by namespace and name. */
export async function optionsOf(world: World): Promise<Readonly<Record<string, string>>> {
  const { ConfigurationSettings = [] } = await world.send(
    new DescribeConfigurationSettingsCommand({ ApplicationName: 'My Shop', EnvironmentName: 'shop-live' }),
  );
  const [, { OptionSettings = [] } = {}] = ConfigurationSettings;
  return Object.fromEntries(
    OptionSettings.flatMap(({ Namespace, OptionName, Value }) => (Value ? [[`${Namespace} ${OptionName}`, Value]] : [])),
  );
}
