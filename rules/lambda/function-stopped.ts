import { IAMClient } from '@aws-sdk/client-iam';
import {
  DeleteFunctionConcurrencyCommand,
  type EventSourceMappingConfiguration,
  GetFunctionConcurrencyCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { undefinedOn } from '../absence';
import { simulate } from '../iam/simulation/simulate';
import { collect } from '../pages';
import { type Aws, type Change, defineRule, notFound, type ResourceKind } from '../rule';
import { lambdaFunction } from './function/resource';

type State = {
  /** The reserved concurrency; absent if the function has none of its own. */
  readonly reserved?: number;
  /** By UUID, whether an event source mapping of the function, or of one of its versions or aliases, is enabled. */
  readonly mappings: Readonly<Record<string, boolean>>;
  /** The UUIDs of those that AWS is creating or updating, sorted: it accepts no other change meanwhile. */
  readonly changing?: readonly string[];
};

/** The reserved concurrency is that of the function, whichever of its versions or aliases was found to be compromised. */
const wholeFunction: ResourceKind = {
  ...lambdaFunction,
  alsoAs: [
    'arn:{partition}:lambda:{region}:{account}:function:{id}:{name}',
    // In no name is a dollar sign.
    'arn:{partition}:lambda:{region}:{account}:function:{id}:$LATEST',
  ],
};

const functions = 'arn:{partition}:lambda:{region}:{account}:function:*';

export default defineRule({
  id: 'lambda-function-stopped',
  title: 'A compromised Lambda function does not run',
  why: 'Code of an attacker in a function uses the credentials of its role, and attacks others from the network of the function, each time that it is invoked.',
  impact:
    'All invocations of the function, its versions and aliases are throttled, and its event sources are no longer read. Not done: invocations that are running continue for up to 15 minutes; the credentials of the role stay valid; the code is not removed. Asynchronous events are retried for up to 6 hours, and then go to the dead-letter queue or are lost. Lambda rejects it for a function with provisioned concurrency: remove that first.',
  severity: 'critical',
  risk: 'disruptive',
  response: true,
  drill: { permits: simulate },
  resource: wholeFunction,
  detectedBy: {
    securityHub: [],
    config: [],
    // https://docs.aws.amazon.com/guardduty/latest/ug/lambda-protection-finding-types.html
    guardDuty: {
      types: [
        'Backdoor:Lambda/C&CActivity.B',
        'CryptoCurrency:Lambda/BitcoinTool.B',
        'Trojan:Lambda/BlackholeTraffic',
        'Trojan:Lambda/DropPoint',
        'UnauthorizedAccess:Lambda/MaliciousIPCaller.Custom',
        'UnauthorizedAccess:Lambda/TorClient',
        'UnauthorizedAccess:Lambda/TorRelay',
      ],
    },
  },
  permissions: {
    inspect: [
      { actions: ['lambda:GetFunctionConcurrency'], on: functions },
      // IAM offers no resource-level permission for it.
      { actions: ['lambda:ListEventSourceMappings'], on: '*' },
    ],
    change: [
      { actions: ['lambda:PutFunctionConcurrency', 'lambda:DeleteFunctionConcurrency'], on: functions },
      { actions: ['lambda:UpdateEventSourceMapping'], on: 'arn:{partition}:lambda:{region}:{account}:event-source-mapping:*' },
    ],
  },
  clients: [LambdaClient, IAMClient],
  commands: [PutFunctionConcurrencyCommand, DeleteFunctionConcurrencyCommand, UpdateEventSourceMappingCommand],
  // Lambda disables an event source mapping within a minute or two.
  settle: 180,

  async inspect({ id, arn }, aws): Promise<State | typeof notFound> {
    const found = await undefinedOn(['ResourceNotFoundException'], aws.send(new GetFunctionConcurrencyCommand({ FunctionName: id })));
    if (!found) return notFound;
    const { ReservedConcurrentExecutions: reserved } = found;
    const all = await readMappings(arn, aws);
    const changing = all.flatMap(({ UUID, State: status = '' }) => (UUID && isChanging(status) ? [UUID] : [])).toSorted();
    return {
      ...(reserved !== undefined && { reserved }),
      mappings: Object.fromEntries(
        all.flatMap(({ UUID, State: status = '' }) => (UUID && !isChanging(status) ? [[UUID, /^Enabl/.test(status)] as const] : [])),
      ),
      ...(changing.length > 0 && { changing }),
    };
  },

  plan({ id }, { reserved, mappings, changing = [] }) {
    const changes: readonly Change[] = [
      ...(reserved === 0 ? [] : [{ do: reserve(id, 0), undo: reserve(id, reserved) }]),
      ...enabledIn(mappings).map((uuid) => ({ do: enable(uuid, false), undo: enable(uuid, true), retryOn: ['ResourceInUseException'] })),
    ];
    if (changes.length > 0 || changing.length === 0) return changes;
    return { blocked: `Event source mappings of ${id} are being changed: ${changing.join(', ')}.`, code: 'being-modified' };
  },

  targets: (_, { now }) => ({ UpdateEventSourceMapping: { UUID: Object.keys(now.mappings), FunctionName: null } }),

  revertOwnPart({ id }, now, { before, after }) {
    const isCut = before.reserved !== 0 && after.reserved === 0 && now.reserved === 0;
    const disabled = enabledIn(before.mappings).filter((uuid) => after.mappings[uuid] === false && now.mappings[uuid] === false);
    return [...disabled.map((uuid) => enable(uuid, true)), ...(isCut ? [reserve(id, before.reserved)] : [])];
  },
});

const isChanging = (status: string): boolean => status === 'Creating' || status === 'Updating';

const enabledIn = (mappings: State['mappings']): readonly string[] =>
  Object.keys(mappings)
    .filter((uuid) => mappings[uuid])
    .toSorted();

const reserve = (FunctionName: string, ReservedConcurrentExecutions: number | undefined) =>
  ReservedConcurrentExecutions === undefined
    ? new DeleteFunctionConcurrencyCommand({ FunctionName })
    : new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions });

const enable = (UUID: string, Enabled: boolean) => new UpdateEventSourceMappingCommand({ UUID, Enabled });

/** Those of the function and of its versions and aliases: asked by the name alone, Lambda would not say all. */
async function readMappings(arn: string, aws: Aws): Promise<readonly EventSourceMappingConfiguration[]> {
  const all = await collect(
    (Marker) => aws.send(new ListEventSourceMappingsCommand({ Marker })),
    ({ EventSourceMappings }) => EventSourceMappings,
    ({ NextMarker }) => NextMarker,
  );
  return all.filter(
    ({ FunctionArn = '', State: status }) => (FunctionArn === arn || FunctionArn.startsWith(`${arn}:`)) && status !== 'Deleting',
  );
}
