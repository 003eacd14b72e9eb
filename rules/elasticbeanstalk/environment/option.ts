import {
  type ConfigurationOptionSetting,
  DescribeConfigurationSettingsCommand,
  ElasticBeanstalkClient,
  UpdateEnvironmentCommand,
} from '@aws-sdk/client-elastic-beanstalk';
import { undefinedOn } from '../../absence';
import { defineRule, notFound, type Obstacle, type Rule } from '../../rule';
import { describeEnvironment, environment, environmentReading, environments, listEnvironments } from './resource';

/** Values by namespace and name; unset options are absent. */
export type Options = Readonly<Record<string, string>>;

type State = {
  /** The options that the rule inspects. */
  readonly options: Options;
  /** The status, if the environment is not ready. */
  readonly status?: string;
  /** Whether Elastic Beanstalk would update it with the permissions of the caller. */
  readonly byCaller?: true;
};

type Words<Parameters> = Pick<
  Rule,
  'id' | 'title' | 'why' | 'impact' | 'severity' | 'risk' | 'property' | 'detectedBy' | 'detectorParameters'
> &
  Pick<Rule<State, Parameters>, 'parameters'>;

export interface Setting<Parameters> extends Words<Parameters> {
  /** All options that the rule inspects, as `<namespace> <name>`. */
  readonly looksAt: readonly string[];
  /** The options to set, with their expected values. */
  readonly expected: (options: Options, parameters: Parameters) => Options;
  /** Why the options cannot be set. */
  readonly obstacle?: (options: Options) => Obstacle | undefined;
}

/** A rule about options of an environment; all other options stay unchanged. */
export const optionRule = <Parameters>({ looksAt, expected, obstacle, ...words }: Setting<Parameters>): Rule<State, Parameters> =>
  defineRule<State, Parameters>({
    ...words,
    resource: environment,
    permissions: {
      inspect: [environmentReading, { actions: ['elasticbeanstalk:DescribeConfigurationSettings'], on: environments }],
      change: { actions: ['elasticbeanstalk:UpdateEnvironment'], on: environments },
    },
    clients: [ElasticBeanstalkClient],
    commands: [UpdateEnvironmentCommand],
    settle: 1800,

    async inspect({ id, arn }, aws): Promise<State | typeof notFound> {
      const found = await describeEnvironment(arn, id, aws);
      if (!found) return notFound;
      const { ApplicationName, Status, OperationsRole } = found;
      const command = new DescribeConfigurationSettingsCommand({ ApplicationName, EnvironmentName: id });
      const answer = await undefinedOn(['InvalidParameterValueException', 'InvalidParameterValue'], aws.send(command));
      if (!answer) return notFound;
      // During an update there may be two: the deployed settings and the pending ones.
      const [settings] = (answer.ConfigurationSettings ?? []).toSorted((a, b) => rank(a.DeploymentStatus) - rank(b.DeploymentStatus));
      const said = (settings?.OptionSettings ?? []).flatMap(entryOf).filter(([name]) => looksAt.includes(name));
      const options = Object.fromEntries(said.sort(([a], [b]) => (a < b ? -1 : 1)));
      return { options, ...(Status !== 'Ready' && { status: Status ?? 'unknown' }), ...(!OperationsRole && { byCaller: true }) };
    },

    plan({ id }, { options, status, byCaller }, { parameters }) {
      const expectedFor = Object.entries(expected(options, parameters));
      if (expectedFor.length === 0) return [];
      if (status !== undefined)
        return {
          blocked: `The environment is ${status}. Elastic Beanstalk accepts changes when it is ready again.`,
          code: 'being-modified',
        };
      const reason = obstacle?.(options);
      if (reason !== undefined) return reason;
      if (byCaller) return noOperationsRole;
      const before = expectedFor.map(([name]) => [name, options[name]] as const);
      return [{ do: update(id, expectedFor), undo: update(id, before) }];
    },

    list: (_, aws) => listEnvironments(aws),
  });

/** Elastic Beanstalk updates an environment with the permissions of the caller, unless it has a role for that. */
const noOperationsRole: Obstacle = {
  unfixable:
    'The environment has no operations role. Elastic Beanstalk then updates it with the permissions of the caller, which have to include most of Auto Scaling, CloudFormation, EC2, Elastic Load Balancing, IAM and S3; the role of this rule does not have them. Associate an operations role (`aws elasticbeanstalk associate-environment-operations-role`), or set the options manually.',
  code: 'operations-role-required',
};

const rank = (status: string | undefined): number => (status === 'deployed' ? 0 : 1);

const entryOf = ({ Namespace = '', OptionName = '', Value }: ConfigurationOptionSetting): [string, string][] =>
  Value === undefined ? [] : [[`${Namespace} ${OptionName}`, Value]];

/** Sets options, and removes those without a value. */
function update(EnvironmentName: string, options: readonly (readonly [string, string | undefined])[]): UpdateEnvironmentCommand {
  const named = options.map(([name, Value]) => {
    const [Namespace, OptionName] = name.split(' ');
    return { Namespace, OptionName, Value };
  });
  const set = named.filter(({ Value }) => Value !== undefined);
  const removed = named.filter(({ Value }) => Value === undefined).map(({ Namespace, OptionName }) => ({ Namespace, OptionName }));
  return new UpdateEnvironmentCommand({
    EnvironmentName,
    ...(set.length > 0 && { OptionSettings: set }),
    ...(removed.length > 0 && { OptionsToRemove: removed }),
  });
}
