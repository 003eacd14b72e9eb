import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { emulateAlarmActions } from './gateway/alarm-actions';
import { emulateAnalyzers } from './gateway/analyzers';
import { type AppConfig, emulateAppConfig } from './gateway/appconfig';
import { emulateBucketEvents } from './gateway/bucket-events';
import { type CloudTrail, emulateCloudTrail } from './gateway/cloudtrail';
import { emulateClusterVersions } from './gateway/cluster-versions';
import { type Config, emulateConfig } from './gateway/config';
import { type ConfigRules, emulateConfigRules } from './gateway/config-rules';
import { defaultAccount, rememberCredentials, type Signer, withUserId } from './gateway/credentials';
import { emulateMapReduce } from './gateway/elastic-map-reduce';
import { emulateElastiCache } from './gateway/elasticache';
import { denied, errorAnswer } from './gateway/error';
import { type FaultHandle, faultOf, type PlannedFault, planFaults } from './gateway/faults';
import { emulateFileSystemPolicies } from './gateway/file-system-policies';
import { emulateFunctionPolicies } from './gateway/function-policies';
import { emulateGuardDutyMembers } from './gateway/guardduty-members';
import { emulateInvocations, type Invocation } from './gateway/invocations';
import { emulateLayerPolicies } from './gateway/layer-policies';
import { emulateMacie } from './gateway/macie';
import { emulateManagedInstances } from './gateway/managed-instances';
import { emulateMsk } from './gateway/msk';
import { type Operation, operationOf } from './gateway/operation';
import { insertion, updateOfNothing } from './gateway/partiql';
import { emulatePast, type Past } from './gateway/past';
import { enforcePermissions } from './gateway/permissions/enforce';
import { tablesOf } from './gateway/permissions/need';
import { type ControlPolicies, emulateSimulation } from './gateway/permissions/simulate';
import type { Statement } from './gateway/permissions/statement';
import { readTables } from './gateway/permissions/tables';
import { emulateContention } from './gateway/quotas/contention';
import { enforceQuotas } from './gateway/quotas/enforce';
import { readable } from './gateway/readable';
import { emulateRedshiftServerless } from './gateway/redshift-serverless';
import { type AwsRequest, readRequest } from './gateway/request';
import { emulateSecurityHub, type SecurityHub } from './gateway/security-hub';
import { emulateSecurityHubV2, type SecurityHubV2 } from './gateway/security-hub-v2';
import { emulateServiceSettings } from './gateway/service-settings';
import { emulateSnapshotBlock } from './gateway/snapshot-block';
import { emulateSnapshotLocks } from './gateway/snapshot-locks';
import { emulateSourceCredentials } from './gateway/source-credentials';
import { countSubscriptions } from './gateway/subscriptions';
import { transactionRefusalOf } from './gateway/transaction-limits';
import { oneAtATime } from './gateway/turns';
import { type Answer, connectUpstream } from './gateway/upstream';

/** One call of the AWS API that came through the gateway. */
export interface Call {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The signing name (`s3`, `ec2`, `config`, `logs`), but `s3control` for S3 Control. */
  readonly service: string;
  /** As in the SDK, without `Command`: `PutBucketVersioning`. */
  readonly operation: string;
  readonly account: string;
  readonly region: string;
  /** The role, if the key was given out by AssumeRole. */
  readonly role?: string;
  /** 0 until it is answered, and for ever if the answer was cut off. */
  readonly status: number;
  /** Milliseconds since 1970 at which it was answered. */
  readonly answered?: number;
  /** It was beyond a quota, or a transaction had its item; see `limit`. */
  readonly refused?: 'quota' | 'conflict';
  /** See `Operation.input`. */
  readonly input: Readonly<Record<string, unknown>>;
}

export interface Gateway {
  /** For `AWS_ENDPOINT_URL`; needs `localhost.cjs` where S3 is used. */
  readonly url: string;
  /** In the order in which they came. */
  readonly calls: readonly Call[];
  /** Forgets the calls so far. */
  clear(): void;
  readonly securityHub: SecurityHub;
  readonly securityHubV2: SecurityHubV2;
  readonly cloudTrail: CloudTrail;
  readonly config: Config;
  readonly configRules: ConfigRules;
  readonly appConfig: AppConfig;
  readonly past: Past;
  /** Of Lambda functions, in the order in which they came; emptied by whoever delivers them. */
  readonly invocations: Invocation[];
  /** What a function that is invoked synchronously replies, by its name with its alias. */
  readonly replies: Map<string, (event: unknown) => Promise<unknown>>;
  /** Lets calls go wrong, until they have or it is cancelled. */
  fail(fault: PlannedFault): FaultHandle;
  /** Lets role sessions do only what the policies of their role allow; off at first. */
  enforce(options: { readonly on: boolean }): void;
  /**
   * Refuses what AWS would for its quotas (`gateway/quotas/published.ts`), and DynamoDB for transactions under way; off at first: the suites
   * repeat refused calls without a pause (`quick-retries.cjs`), so they would only find out how often.
   */
  limit(options: { readonly on: boolean; readonly transactionMilliseconds?: number }): void;
  /** The service control policies of accounts, which IAM's policy simulator knows here, and nothing else. */
  readonly controlPolicies: ControlPolicies;
  /** What a role may do, in the place of what IAM of the emulator says. */
  grant(roleArn: string, statements: readonly Statement[]): void;
  stop(): Promise<void>;
}

export interface GatewayOptions {
  /** URL of the emulator, such as moto's. */
  readonly upstream: string;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

type Recording = { -readonly [Key in keyof Call]: Call[Key] };

type Note = (refused: NonNullable<Call['refused']>) => void;

/** The caller gets no answer: the connection ends. */
const hangUp = Symbol('hang up');

const reply = (method: string, response: ServerResponse, { status, rawHeaders, body }: Answer) => {
  const size = method === 'HEAD' || status === 204 ? [] : ['content-length', String(body.length)];
  response.writeHead(status, [...rawHeaders, ...size] as never);
  response.end(body);
};

const failure = (error: unknown) => ({
  status: 501,
  code: 'EmulatorFailure',
  message: `The emulator failed: ${error instanceof Error ? error.message : String(error)}`,
});

/** Starts an HTTP server in front of an emulator of the AWS APIs: it records each call, and adds what the emulator lacks. */
export const startGateway = async ({ upstream, now = Date.now }: GatewayOptions): Promise<Gateway> => {
  const emulator = connectUpstream(upstream);
  const calls: Call[] = [];
  const credentials = rememberCredentials((call) => emulator.forward(call));
  const faults = planFaults();
  const { securityHub, imported, operations: ofSecurityHub } = emulateSecurityHub();
  const { securityHubV2, operations: ofSecurityHubV2 } = emulateSecurityHubV2();
  const { cloudTrail, operations: ofCloudTrail } = emulateCloudTrail();
  const { config, operations: ofConfig } = emulateConfig();
  const { configRules, operations: ofConfigRules } = emulateConfigRules();
  const { appConfig, operations: ofAppConfig } = emulateAppConfig();
  const { past, backdated } = emulatePast();
  const { invocations, replies, operations: ofInvocations } = emulateInvocations();
  const { counted } = countSubscriptions();
  const { noted, operations: ofManagedInstances } = emulateManagedInstances();
  const { switchedOn, operations: ofAlarmActions } = emulateAlarmActions();
  const { withEventBridge } = emulateBucketEvents();
  const inTurn = oneAtATime();
  const tables = readTables(upstream);
  const permissions = enforcePermissions(upstream, tables);
  const controlPolicies: ControlPolicies = new Map();
  const quotas = enforceQuotas();
  const contention = emulateContention();
  let limited = false;
  const local = {
    ...ofSecurityHub,
    ...ofSecurityHubV2,
    ...ofCloudTrail,
    ...ofConfig,
    ...ofConfigRules,
    ...ofAppConfig,
    ...ofInvocations,
    ...emulateFunctionPolicies().operations,
    ...emulateLayerPolicies().operations,
    ...emulateFileSystemPolicies().operations,
    ...emulateElastiCache().operations,
    ...emulateMsk().operations,
    ...emulateRedshiftServerless().operations,
    ...emulateMapReduce().operations,
    ...ofAlarmActions,
    ...emulateServiceSettings().operations,
    ...emulateMacie().operations,
    ...emulateGuardDutyMembers().operations,
    ...emulateAnalyzers().operations,
    ...ofManagedInstances,
    ...emulateSnapshotBlock().operations,
    ...emulateSnapshotLocks().operations,
    ...emulateClusterVersions().operations,
    ...emulateSourceCredentials().operations,
    ...emulateSimulation(permissions.statementsOf, controlPolicies).operations,
  };

  const perform = async (request: AwsRequest, operation: Operation, signer: Signer, note: Note): Promise<Answer> => {
    const excess = limited ? quotas.refusalOf(operation, { account: signer.account, region: request.region }) : undefined;
    if (excess !== undefined) {
      note('quota');
      return errorAnswer(operation, excess);
    }
    const refusal = await permissions.refusalOf(operation, signer, request.region);
    if (refusal !== undefined) return errorAnswer(operation, denied(operation.protocol, refusal));
    const place = { account: signer.account, region: request.region, time: now() };
    const own = local[`${operation.service}:${operation.name}`];
    if (own !== undefined) return own(operation, place, request);
    // A conditional write of DynamoDB is atomic; moto's reads first and writes later.
    const insert = insertion(operation, await tables.of(signer.account, request.region, tablesOf(operation)));
    const keysOf = tables.keysOf(place.account, place.region);
    const invalid = transactionRefusalOf(operation, keysOf);
    if (invalid !== undefined) return errorAnswer(operation, invalid);
    const forward = (as: (original: AwsRequest) => AwsRequest) => emulator.forward(as(request), signer.account);
    const sent = async () => (await updateOfNothing(operation, keysOf, forward)) ?? forward(insert?.as ?? ((original) => original));
    const attempt = () => (limited ? contention.attempt(operation, place, keysOf, sent) : sent());
    const raw = await (operation.service === 'dynamodb' ? inTurn(attempt) : sent());
    if ('conflict' in raw) {
      note('conflict');
      return raw.conflict;
    }
    if (limited && operation.service === 'dynamodb') await contention.end(operation);
    const answer = withUserId(operation.name, signer, insert?.answered(raw) ?? raw);
    credentials.learn(operation, signer, request.region, answer);
    permissions.noticed(operation, signer);
    const completions = [imported, backdated, counted, switchedOn, noted, withEventBridge];
    return completions.reduce((so, complete) => complete(operation, place, so), readable(operation, answer));
  };

  const answerTo = async (request: AwsRequest, operation: Operation, signer: Signer, note: Note): Promise<Answer | typeof hangUp> => {
    const mishap = faults.mishapOf(operation, { account: signer.account, region: request.region });
    if (mishap === 'reset') return hangUp;
    const fault = mishap && faultOf(mishap, operation);
    if (fault !== undefined) return errorAnswer(operation, fault);
    if (typeof mishap === 'object') await sleep(mishap.delay);
    const answer = await perform(request, operation, signer, note);
    return mishap === 'drop-answer' ? hangUp : answer;
  };

  const serve = async (message: IncomingMessage, response: ServerResponse) => {
    const request = await readRequest(message);
    const operation = operationOf(request);
    const signer: Signer = await credentials.signerOf(request.accessKeyId).catch(() => ({ account: defaultAccount }));
    const call: Recording = {
      time: now(),
      service: operation.service,
      operation: operation.name,
      account: signer.account,
      ...(signer.role !== undefined && { role: signer.role }),
      region: request.region,
      status: 0,
      input: operation.input,
    };
    calls.push(call);
    const note: Note = (refused) => (call.refused = refused);
    const answer = await answerTo(request, operation, signer, note).catch((error) => errorAnswer(operation, failure(error)));
    if (answer === hangUp) {
      message.socket.resetAndDestroy();
    } else {
      call.status = answer.status;
      call.answered = now();
      reply(request.method, response, answer);
    }
  };

  const server = createServer({ keepAliveTimeout: 60_000 }, (message, response) => {
    // The caller has gone in the middle of its request.
    serve(message, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });

  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    calls,
    clear() {
      calls.length = 0;
    },
    securityHub,
    securityHubV2,
    cloudTrail,
    config,
    configRules,
    appConfig,
    past,
    controlPolicies,
    invocations,
    replies,
    fail: faults.fail,
    limit({ on, transactionMilliseconds }) {
      limited = on;
      quotas.clear();
      contention.begin(transactionMilliseconds);
    },
    enforce: permissions.enforce,
    grant: permissions.grant,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      emulator.close();
    },
  };
};
