import type { Json } from '../../rules/rule';

/** Stands for a secret, in what the seeds of the scenarios make and in the answers of AWS. */
export const secret = 'only-for-tests';

/** Where a resource may hold secrets: by the action that reads it, a path of its answer (`[]`: each of a list, `*`: each member), and what is put there. */
const places: Readonly<Record<string, readonly (readonly [path: string, value: Json])[]>> = {
  'apigateway:GET': [['variables', { DB_PASSWORD: secret }]],
  'autoscaling:DescribeLaunchConfigurations': [['LaunchConfigurations[].UserData', Buffer.from(secret).toString('base64')]],
  'bedrock-agentcore:GetAgentRuntime': [['environmentVariables', { API_KEY: secret }]],
  'cloudfront:GetDistributionConfig': [
    ['DistributionConfig.Origins.Items[].CustomHeaders', { Quantity: 1, Items: [{ HeaderName: 'x-origin-key', HeaderValue: secret }] }],
    ['DistributionConfig.Comment', secret],
  ],
  'cloudwatch:DescribeAlarms': [['MetricAlarms[].AlarmDescription', `https://hooks.example.com/${secret}`]],
  'codebuild:BatchGetProjects': [
    ['projects[].environment.environmentVariables[].value', secret],
    ['projects[].source.buildspec', `env: { variables: { TOKEN: ${secret} } }`],
  ],
  'ec2:DescribeLaunchTemplateVersions': [['LaunchTemplateVersions[].LaunchTemplateData.UserData', Buffer.from(secret).toString('base64')]],
  'ecs:DescribeTaskDefinition': [
    ['taskDefinition.containerDefinitions[].environment[].value', secret],
    ['taskDefinition.containerDefinitions[].command', ['--password', secret]],
    ['taskDefinition.containerDefinitions[].entryPoint', ['sh', '-c', `TOKEN=${secret} run`]],
    ['taskDefinition.containerDefinitions[].dockerLabels', { key: secret }],
    ['taskDefinition.containerDefinitions[].healthCheck', { command: ['CMD', secret] }],
  ],
  'elasticbeanstalk:DescribeConfigurationSettings': [
    [
      'ConfigurationSettings[].OptionSettings[+]',
      { Namespace: 'aws:elasticbeanstalk:application:environment', OptionName: 'DB_PASSWORD', Value: secret },
    ],
  ],
  'elasticloadbalancing:DescribeListeners': [['Listeners[].DefaultActions[].AuthenticateOidcConfig.ClientSecret', secret]],
};

/** The actions whose answers may hold secrets. */
export const secretReading = Object.keys(places);

// In Base64, its middle has one of three forms, by where it begins.
const encoded = ['', '-', '--'].map((before) => Buffer.from(`${before}${secret}`).toString('base64').slice(4, -4));

/** Whether a secret is anywhere in it, as text or in Base64. */
export const holdsSecret = (value: unknown): boolean => [secret, ...encoded].some((mark) => JSON.stringify(value ?? null).includes(mark));

/** The answer of AWS to a command, with a secret in each place that may hold one. */
export function withSecrets(command: string, answer: unknown): unknown {
  const operation = command.replace(/Command$/, '');
  const planted = Object.entries(places)
    .filter(([action]) => action.endsWith(`:${operation}`) || (action === 'apigateway:GET' && operation.startsWith('Get')))
    .flatMap(([, some]) => some);
  return planted.reduce<unknown>((into, [path, value]) => put(into, path.split('.'), value), answer);
}

function put(into: unknown, [step = '', ...rest]: readonly string[], value: Json): unknown {
  if (typeof into !== 'object' || into === null || into instanceof Date) return into;
  const name = step.replace(/\[\+?\]$/, '');
  const member = (into as Record<string, unknown>)[name];
  const below = (one: unknown) => (rest.length > 0 ? put(one, rest, value) : value);
  if (step.endsWith('[+]')) return { ...into, [name]: [...(Array.isArray(member) ? member : []), value] };
  if (step.endsWith('[]')) return Array.isArray(member) ? { ...into, [name]: member.map(below) } : into;
  return rest.length > 0 && member === undefined ? into : { ...into, [name]: below(member) };
}
