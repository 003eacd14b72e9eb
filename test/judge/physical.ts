import type { Json } from '../../rules/rule';

/** Where the stacks are deployed, and with which parameters. */
export interface Placement {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  /** Of the stacks, by their names. */
  readonly parameters?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A resource of a template, its properties perhaps not yet resolved. */
export interface Described {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, Json>>;
  readonly resolve?: (value: Json) => Json;
}

type Make = (name: string, place: Placement) => string;

interface Kind {
  /** The property with the name that the owner gives. */
  readonly named: string;
  readonly arn: Make;
  /** What Ref returns, where it is not the name. */
  readonly ref?: Make;
}

const regional =
  (service: string, prefix: string): Make =>
  (name, { partition, region, account }) =>
    `arn:${partition}:${service}:${region}:${account}:${prefix}${name}`;

/** The kinds of which a policy speaks. Source: the return values in the CloudFormation template reference. */
const kinds: Readonly<Record<string, Kind>> = {
  'AWS::DynamoDB::Table': { named: 'TableName', arn: regional('dynamodb', 'table/') },
  'AWS::Events::EventBus': { named: 'Name', arn: regional('events', 'event-bus/') },
  'AWS::Events::Rule': { named: 'Name', arn: regional('events', 'rule/') },
  'AWS::IAM::Role': { named: 'RoleName', arn: (name, { partition, account }) => `arn:${partition}:iam::${account}:role/${name}` },
  'AWS::Lambda::Function': { named: 'FunctionName', arn: regional('lambda', 'function:') },
  'AWS::Logs::LogGroup': { named: 'LogGroupName', arn: (name, place) => `${regional('logs', 'log-group:')(name, place)}:*` },
  'AWS::Scheduler::ScheduleGroup': { named: 'Name', arn: regional('scheduler', 'schedule-group/') },
  'AWS::SNS::Topic': { named: 'TopicName', arn: regional('sns', ''), ref: regional('sns', '') },
  'AWS::SQS::Queue': {
    named: 'QueueName',
    arn: regional('sqs', ''),
    ref: (name, { region, account }) => `https://sqs.${region}.amazonaws.com/${account}/${name}`,
  },
};

function nameOf({ logicalId, type, properties, resolve = (value) => value }: Described): string {
  const given = properties[kinds[type]?.named ?? 'Name'];
  const name = given === undefined ? undefined : resolve(given);
  return typeof name === 'string' ? name : logicalId;
}

/** What Ref returns. */
export function physicalId(resource: Described, place: Placement): string {
  const name = nameOf(resource);
  return kinds[resource.type]?.ref?.(name, place) ?? name;
}

/** What Fn::GetAtt returns; where no policy speaks of it, a text that says what it is. */
export function attributeOf(resource: Described, attribute: string, place: Placement): string {
  const name = nameOf(resource);
  if (attribute === 'Arn' || attribute.endsWith('Arn')) return kinds[resource.type]?.arn(name, place) ?? `${name}.${attribute}`;
  if (/Name$/.test(attribute)) return name;
  return `${name}.${attribute}`;
}
