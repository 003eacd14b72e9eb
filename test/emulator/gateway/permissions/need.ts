import { iamActionOf } from '../../iam-action';
import type { Operation } from '../operation';
import { statementsOf } from '../partiql';
import type { Need } from './statement';

interface Place {
  readonly account: string;
  readonly region: string;
}

/** ARNs of roles and users, whose path their name does not tell. */
type ArnOf = (kind: 'role' | 'user', name: string) => string;

/** The name of a table's partition key; undefined where there is no such table. */
export type PartitionKeyOf = (table: string) => string | undefined;

interface Asking extends Operation, Place {
  readonly arnOf: ArnOf;
  readonly partitionKeyOf: PartitionKeyOf;
  /** The permissions boundary of a role that is there. */
  readonly boundaryOf: (role: string) => string | undefined;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const arn = ({ account, region }: Place, service: string, resource: string) =>
  resource.startsWith('arn:') ? resource : `arn:aws:${service}:${region}:${account}:${resource}`;

const table = (place: Place, name: unknown, index?: unknown) => {
  const own = text(name);
  if (own === undefined) return '*';
  const whole = own.startsWith('arn:') ? own : arn(place, 'dynamodb', `table/${own}`);
  return text(index) === undefined ? whole : `${whole}/index/${String(index)}`;
};

const bucket = ({ input }: Operation) => {
  const name = text(input.Bucket);
  if (name === undefined) return '*';
  return text(input.Key) === undefined ? `arn:aws:s3:::${name}` : `arn:aws:s3:::${name}/${String(input.Key)}`;
};

const iam = ({ input, arnOf }: Asking) => {
  const [role, user, policy] = [text(input.RoleName), text(input.UserName), text(input.PolicyArn)];
  if (role !== undefined) return arnOf('role', role);
  if (user !== undefined) return arnOf('user', user);
  return policy ?? undefined;
};

const lambda = (asking: Asking) => {
  const name = text(asking.input.FunctionName);
  if (name === undefined) return undefined;
  const own = arn(asking, 'lambda', `function:${name}`);
  return text(asking.input.Qualifier) === undefined ? own : `${own}:${String(asking.input.Qualifier)}`;
};

const schedule = (asking: Asking) => {
  const name = text(asking.input.Name);
  if (name === undefined || !/Schedule$/.test(asking.name)) return undefined;
  return arn(asking, 'scheduler', `schedule/${text(asking.input.GroupName) ?? text(asking.input.groupName) ?? 'default'}/${name}`);
};

/** A session names what it reads; what it is asked for later is in its token. */
const configuration = (asking: Asking) => {
  const { ApplicationIdentifier, EnvironmentIdentifier, ConfigurationProfileIdentifier } = asking.input;
  if (text(ApplicationIdentifier) === undefined) return undefined;
  const resource = `application/${ApplicationIdentifier}/environment/${EnvironmentIdentifier}/configuration/${ConfigurationProfileIdentifier}`;
  return arn(asking, 'appconfig', resource);
};

const key = (asking: Asking) => {
  const id = text(asking.input.KeyId);
  return id === undefined || id.startsWith('alias/') ? undefined : arn(asking, 'kms', id.startsWith('arn:') ? id : `key/${id}`);
};

/** The ARN of what a call is about, where the call tells it. */
const resources: Readonly<Record<string, (asking: Asking) => string | undefined>> = {
  // Of its policy, a table is named by its ARN.
  dynamodb: (asking) => table(asking, asking.input.TableName ?? asking.input.ResourceArn, asking.input.IndexName),
  s3: bucket,
  s3control: () => '*',
  sts: ({ input }) => text(input.RoleArn) ?? '*',
  iam,
  lambda,
  scheduler: schedule,
  kms: key,
  appconfig: configuration,
};

/** What a call reads or writes in a table, one item of it. */
interface ItemCall {
  readonly TableName?: string;
  readonly Key?: Readonly<Record<string, unknown>>;
  readonly Item?: Readonly<Record<string, unknown>>;
}

type Item = Readonly<Record<string, ItemCall | undefined>>;

/** The partition key of the item, as the conditions on DynamoDB name it. */
const leadingKey = ({ TableName = '', Key, Item }: ItemCall, { partitionKeyOf }: Asking): NonNullable<Need['context']> => {
  const attribute = (Key ?? Item)?.[partitionKeyOf(TableName) ?? ''] as Readonly<Record<string, string>> | undefined;
  const [value] = Object.values(attribute ?? {});
  return value === undefined ? {} : { 'dynamodb:LeadingKeys': value };
};

interface QueryCall {
  readonly IndexName?: string;
  readonly KeyConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The partition key that a query names, of the table or of its index. */
const queried = (asking: Asking): NonNullable<Need['context']> => {
  const {
    IndexName,
    KeyConditionExpression = '',
    ExpressionAttributeNames = {},
    ExpressionAttributeValues = {},
  } = asking.input as QueryCall;
  const key = asking.partitionKeyOf(text(asking.input.TableName) ?? '');
  for (const [, name = '', value = ''] of KeyConditionExpression.matchAll(/(#?[\w.]+)\s*=\s*(:\w+)/g)) {
    if (IndexName === undefined && (ExpressionAttributeNames[name] ?? name) !== key) continue;
    const [leading] = Object.values(ExpressionAttributeValues[value] ?? {});
    if (leading !== undefined) return { 'dynamodb:LeadingKeys': leading };
  }
  return {};
};

/** The tables that a call to DynamoDB names. */
export const tablesOf = (operation: Pick<Operation, 'service' | 'name' | 'input'>): readonly string[] => {
  const { service, input } = operation;
  if (service !== 'dynamodb') return [];
  const items = (input.TransactItems ?? []) as readonly Item[];
  const named = [
    input.TableName,
    ...items.flatMap((item) => Object.values(item).map((of) => of?.TableName)),
    ...Object.keys((input.RequestItems ?? {}) as object),
    ...statementsOf(operation).map(({ table }) => table),
  ];
  return [...new Set(named.flatMap((name) => text(name) ?? []))];
};

const transactionActions: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
};

const transaction = (asking: Asking): readonly Need[] =>
  (asking.input.TransactItems as readonly Item[]).flatMap((item) =>
    Object.entries(item).map(([kind, of = {}]) => ({
      action: `dynamodb:${transactionActions[kind]}`,
      resource: table(asking, of.TableName),
      context: leadingKey(of, asking),
    })),
  );

/** What a batch reads, or writes, in one table. */
type Batch = { readonly Keys: readonly ItemCall['Key'][] } | readonly Readonly<Record<string, ItemCall>>[];

const batch = (asking: Asking): readonly Need[] =>
  Object.entries((asking.input.RequestItems ?? {}) as Readonly<Record<string, Batch>>).flatMap(([TableName, of]) => {
    const calls = 'Keys' in of ? of.Keys.map((Key): ItemCall => ({ ...(Key && { Key }) })) : of.flatMap((item) => Object.values(item));
    return calls.map((call) => ({
      action: iamActionOf({ service: 'dynamodb', operation: asking.name }),
      resource: table(asking, TableName),
      context: leadingKey({ ...call, TableName }, asking),
    }));
  });

const partiQl = (asking: Asking): readonly Need[] =>
  statementsOf(asking).map(({ verb, table: TableName, item }) => ({
    action: `dynamodb:PartiQL${verb}`,
    resource: table(asking, TableName),
    context: leadingKey({ TableName, ...(item && { Item: item }) }, asking),
  }));

const putEvents = (asking: Asking): readonly Need[] =>
  ((asking.input.Entries ?? []) as readonly { readonly EventBusName?: string }[]).map(({ EventBusName = 'default' }) => ({
    action: 'events:PutEvents',
    resource: EventBusName.startsWith('arn:') ? EventBusName : arn(asking, 'events', `event-bus/${EventBusName}`),
  }));

/** Calls that need something else than the action of their name. */
const exceptions: Readonly<Record<string, (asking: Asking) => readonly Need[]>> = {
  'sts:GetCallerIdentity': () => [],
  'sts:GetSessionToken': () => [],
  'dynamodb:TransactWriteItems': transaction,
  'dynamodb:TransactGetItems': transaction,
  'dynamodb:BatchWriteItem': batch,
  'dynamodb:BatchGetItem': batch,
  'dynamodb:ExecuteStatement': partiQl,
  'dynamodb:ExecuteTransaction': partiQl,
  'dynamodb:BatchExecuteStatement': partiQl,
  'events:PutEvents': putEvents,
  's3:DeleteObjects': (asking) => [{ action: 's3:DeleteObject', resource: `${bucket(asking)}/*` }],
};

/** The role that a call hands to a service, by the member of its input, and that service. */
const handedRoles: Readonly<Record<string, { readonly role: (input: Operation['input']) => unknown; readonly to: string }>> = {
  'ec2:CreateFlowLogs': { role: ({ DeliverLogsPermissionArn }) => DeliverLogsPermissionArn, to: 'vpc-flow-logs.amazonaws.com' },
  'scheduler:CreateSchedule': {
    role: ({ Target }) => (Target as { RoleArn?: string } | undefined)?.RoleArn,
    to: 'scheduler.amazonaws.com',
  },
  'scheduler:UpdateSchedule': {
    role: ({ Target }) => (Target as { RoleArn?: string } | undefined)?.RoleArn,
    to: 'scheduler.amazonaws.com',
  },
  'lambda:CreateFunction': { role: ({ Role }) => Role, to: 'lambda.amazonaws.com' },
  'cloudtrail:CreateTrail': { role: ({ CloudWatchLogsRoleArn }) => CloudWatchLogsRoleArn, to: 'cloudtrail.amazonaws.com' },
  'cloudtrail:UpdateTrail': { role: ({ CloudWatchLogsRoleArn }) => CloudWatchLogsRoleArn, to: 'cloudtrail.amazonaws.com' },
  'rds:ModifyDBInstance': { role: ({ MonitoringRoleArn }) => MonitoringRoleArn, to: 'monitoring.rds.amazonaws.com' },
};

/** What it takes to give tags along with a new thing. */
const tagging: Readonly<Record<string, (input: Operation['input']) => string | undefined>> = {
  ec2: (input) => ('TagSpecification.1.Tag.1.Key' in input ? 'ec2:CreateTags' : undefined),
  'iam:CreateRole': (input) => ('Tags.member.1.Key' in input ? 'iam:TagRole' : undefined),
  'iam:CreateUser': (input) => ('Tags.member.1.Key' in input ? 'iam:TagUser' : undefined),
  'logs:CreateLogGroup': ({ tags }) => (tags === undefined ? undefined : 'logs:TagResource'),
  'dynamodb:CreateTable': ({ Tags }) => (Tags === undefined ? undefined : 'dynamodb:TagResource'),
};

/** Condition keys that a call of a service brings with it. */
const contexts: Readonly<Record<string, (asking: Asking) => Need['context']>> = {
  dynamodb: (asking) => (asking.name === 'Query' ? queried(asking) : leadingKey(asking.input as ItemCall, asking)),
  iam({ name, input, boundaryOf }): Need['context'] {
    // Of the role that is to be, and else of the one that is.
    const boundary = /^Create(Role|User)$/.test(name) ? text(input.PermissionsBoundary) : boundaryOf(text(input.RoleName) ?? '');
    const policy = text(input.PolicyArn);
    return {
      ...(boundary !== undefined && { 'iam:PermissionsBoundary': boundary }),
      ...(policy !== undefined && { 'iam:PolicyARN': policy }),
    };
  },
  'securityhub:BatchUpdateFindings'({ input }): Need['context'] {
    const status = text((input.Workflow as { readonly Status?: unknown } | undefined)?.Status);
    return status === undefined ? {} : { 'securityhub:ASFFSyntaxPath/Workflow.Status': status };
  },
  'securityhub:BatchUpdateFindingsV2'({ input: { StatusId } }): Need['context'] {
    return StatusId === undefined ? {} : { 'securityhub:OCSFSyntaxPath/StatusId': String(StatusId) };
  },
};

/** The permissions that a call needs, all of them. */
export const needsOf = (asking: Asking): readonly Need[] => {
  const name = `${asking.service}:${asking.name}`;
  const resource = resources[asking.service]?.(asking);
  const context = (contexts[name] ?? contexts[asking.service])?.(asking) ?? {};
  const own = exceptions[name]?.(asking) ?? [
    { action: iamActionOf({ service: asking.service, operation: asking.name }), resource, context },
  ];
  const handed = text(handedRoles[name]?.role(asking.input));
  const passing =
    handed === undefined
      ? []
      : [{ action: 'iam:PassRole', resource: handed, context: { 'iam:PassedToService': handedRoles[name]?.to ?? '' } }];
  const tag = (tagging[name] ?? tagging[asking.service])?.(asking.input);
  const tagged = tag === undefined ? [] : [{ action: tag, resource, context: { [`${asking.service}:CreateAction`]: asking.name } }];
  return [...own, ...passing, ...tagged];
};
