import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { arnOf, idIn } from '../../functions/aws/arn';
import type { Call } from '../../functions/aws/call';
import { connect } from '../../functions/aws/connection';
import type { Clock } from '../../functions/clock';
import type { Leases } from '../../functions/coordination/lease';
import type { OpenRemediations } from '../../functions/coordination/open-remediation';
import { exemptParts } from '../../functions/decision/exempt-parts';
import { otherRegions } from '../../functions/facts/other-regions';
import type { Attempt } from '../../functions/findings/attempt';
import type { Finding } from '../../functions/findings/finding';
import type { Log } from '../../functions/log/log';
import { judgeParameters } from '../../functions/policy/judge-parameters';
import { type Mode, type Policy, policy } from '../../functions/policy/policy';
import type { Result } from '../../functions/remediate/context';
import { clientsOf, createPorts, type Records, recordsIn, type Tables } from '../../functions/remediate/create-ports';
import type { InspectionContext } from '../../functions/remediate/inspect-and-plan';
import type { Ports } from '../../functions/remediate/ports';
import { remediate } from '../../functions/remediate/remediate';
import type { RollbackPorts } from '../../functions/rollback/ports';
import { detectorsOf } from '../../rules/detectors';
import { type Aws, type Json, type Resource, type Rule, toArray } from '../../rules/rule';
import type { AccountCredentials } from '../emulator/account';
import type { Gateway } from '../emulator/gateway';
import { useEmulator } from '../emulator/use';
import type { SentCall } from './grants';
import { observedClient } from './observed-client';
import { createOrderTables } from './order-tables';
import type { Scenario, World } from './scenario';

export interface Bench {
  readonly rule: Rule;
  /** The rule's own calls since the list was last emptied. */
  readonly calls: Call[];
  /** All of them, and those that a command makes by itself. */
  readonly allCalls: readonly SentCall[];
  /** The resource under test of each account. */
  readonly resources: ReadonlyMap<string, Resource>;
  /** Times at which findings were asked to come again. */
  readonly scheduled: { readonly again: Attempt; readonly at: Date }[];
  /** For the tables of the central account. */
  readonly dynamo: DynamoDBClient;
  readonly log: Log;
  readonly leases: Leases;
  readonly openRemediations: OpenRemediations;
  readonly clock: Clock;
  readonly gateway: Gateway;
  world(): Promise<World>;
  finding(world: World, id: string, detectedBy?: string): { readonly finding: Finding; readonly resource: Resource };
  connect(resource: Resource): Aws;
  /** `found`: the parameters of the detector. */
  context(
    parameters: Readonly<Record<string, Json>>,
    detectedBy?: string,
    found?: Finding['parameters'],
    evidence?: Finding['evidence'],
  ): InspectionContext;
  handle(
    finding: Finding,
    settings: { readonly mode: Mode; readonly parameters: Readonly<Record<string, Json>> },
    over?: Partial<Ports>,
    /** For a retry. */
    attempt?: Omit<Attempt, 'finding'>,
  ): Promise<Result>;
  rollbackTools(resource: Resource): RollbackPorts;
}

/** Runs one rule through the real path: real SDK, emulator over HTTP, log and leases in its DynamoDB. Waiting costs no time. */
export function useBench(rule: Rule, scenario: Pick<Scenario, 'clients'>): Bench {
  const emulator = useEmulator();
  const calls: Call[] = [];
  const allCalls: SentCall[] = [];
  const resources = new Map<string, Resource>();
  const scheduled: Bench['scheduled'] = [];
  const credentials = new Map<string, AccountCredentials>();
  const clock = hastyClock();
  let tables: Tables;
  let records: Records;
  const writer = { by: 'rule', rule: rule.id } as const;

  beforeAll(async () => {
    process.env.AWS_ENDPOINT_URL = emulator.gateway.url;
    tables = {
      dynamo: (await emulator.account()).client(DynamoDBClient),
      log: 'posture-log',
      orders: 'posture-orders',
      coordination: 'posture-coordination',
    };
    await createTables(tables);
    records = recordsIn(tables, writer, clock);
  });
  afterAll(() => tables.dynamo.destroy());

  function open(
    place: Pick<Resource, 'account' | 'region'>,
    clients: readonly Rule['clients'][number][],
    onCall?: (call: Call) => void,
  ): Aws {
    const own = credentials.get(place.account);
    if (!own) throw new Error(`No account ${place.account} on this bench.`);
    return connect([...new Set(clients)], { region: place.region, credentials: own, ...(onCall && { onCall }) });
  }

  const observed = (place: Pick<Resource, 'account' | 'region'>): Aws => {
    const note = (call: Call) => allCalls.push({ ...call, place: { partition: 'aws', account: place.account, region: place.region } });
    const clients = clientsOf(rule).map((Client) => observedClient(Client, note));
    return open(place, clients, (call) => {
      calls.push(call);
      // A stand-in may answer it.
      note(call);
    });
  };

  const worldOf = (account: string, region: string): World => ({
    partition: 'aws',
    account,
    region,
    send: (command) => open({ account, region }, [...rule.clients, ...(scenario.clients ?? [])]).send(command),
    in: (other) => worldOf(account, other),
  });

  return {
    rule,
    calls,
    allCalls,
    resources,
    scheduled,
    clock,
    get dynamo() {
      return tables.dynamo;
    },
    get log() {
      return records.log;
    },
    get leases() {
      return records.leases;
    },
    get openRemediations() {
      return records.openRemediations;
    },
    get gateway() {
      return emulator.gateway;
    },
    async world() {
      const { account, region, credentials: own } = await emulator.account();
      credentials.set(account, own);
      return worldOf(account, region);
    },
    finding({ partition, account, region }, id, detectedBy = detectorsOf(rule.detectedBy)[0] ?? '') {
      const place = { partition, account, region };
      const resource = resourceAt(rule, place, id);
      const kind = toArray(rule.resource).find(({ type }) => type === resource.type);
      if (!kind) throw new Error(`No kind ${resource.type}.`);
      resources.set(account, resource);
      const now = clock.now().toISOString();
      const finding: Finding = {
        ...place,
        id: `finding of ${resource.arn}`,
        source: 'security-hub',
        detectedBy,
        resource: { kind, reported: { arn: resource.arn } },
        detectedAt: now,
        sentAt: now,
      };
      return { finding, resource };
    },
    connect: observed,
    context(given, detectedBy = detectorsOf(rule.detectedBy)[0] ?? '', found, evidence) {
      const judged = judgeParameters(rule, given, { detectedBy, ...(found && { parameters: found }) });
      if (!('parameters' in judged)) throw new Error('problem' in judged ? judged.problem : judged.unfixable);
      const { parameters, demanded } = judged;
      const now = clock.now();
      const { isExempt } = exemptParts(rule, exemptionTag, now);
      return { parameters, demanded, detectedBy, now, exemptionTag, isExempt, ...(evidence && { evidence }) };
    },
    async handle(finding, { mode, parameters }, over, attempt = { number: 0 }) {
      const again: Attempt = { ...attempt, finding };
      const ports = createPorts(tables, writer, {
        rule,
        policy: async () => policyOf(rule, mode, parameters),
        version: 'test',
        actor: 'arn:aws:iam::999999999999:role/posture-function',
        connect: observed,
        otherRegions: otherRegions(observed, clock),
        ousOf: async () => [],
        clock,
        secondsLeft: () => 120,
        scheduleRetry: async (request, at) => void scheduled.push({ again: request, at }),
        publishOutcome: async () => {},
        count: () => {},
        warn: () => {},
      });
      const own = { ...ports, ...over };
      const result = await remediate(again, own);
      if (result.outcome !== 'deferred' || !result.reason.includes('may not be visible yet')) return result;
      // What AWS does not find is looked at twice.
      const { again: second, at } = scheduled.pop() as Bench['scheduled'][number];
      await clock.sleep(at.getTime() - clock.now().getTime());
      return remediate(second, own);
    },
    rollbackTools: (resource) => ({
      ...records,
      rule,
      version: 'test',
      aws: observed(resource),
      actor: 'arn:aws:iam::999999999999:user/auditor',
      policy: async () => policyOf(rule, 'fix', {}),
      secondsLeft: () => 120,
      publishOutcome: async () => {},
      count: () => {},
      warn: () => {},
    }),
  };
}

const exemptionTag = 'posture:exempt';

/** One mode for this rule, and nothing that bounds it: each guard has tests of its own. */
const policyOf = ({ id, response }: Rule, mode: Mode, parameters: Readonly<Record<string, Json>>): Policy =>
  policy.parse({
    [response ? 'responses' : 'modes']: { clauses: [{ mode, rules: [id] }], ...(response && { limit: {} }) },
    limits: { account: {}, all: {} },
    breaker: { failures: 1000, rollbacks: 1000 },
    driftLoops: { fixes: 100 },
    rollbacks: { exemptDays: 0 },
    ownership: { lastChange: false },
    approvals: { fourEyes: false },
    detectorParameters: 'follow',
    parameters: [{ rules: [id], values: parameters }],
  });

/** A resource of the rule, by its id or its ARN; a bare id of a kind with a path is at the root. */
function resourceAt(rule: Rule, place: Pick<Resource, 'partition' | 'account' | 'region'>, id: string): Resource {
  for (const kind of toArray(rule.resource)) {
    const arn =
      idIn(kind, place, id) === undefined
        ? arnOf({ arn: kind.arn.replace(/\{(?:slash|path)\}/g, '').replace(/\{(?:name|freeName)\}/, 'any') }, place, id)
        : id;
    const own = arn === undefined ? undefined : idIn(kind, place, arn);
    if (arn !== undefined && own !== undefined) return { ...place, type: kind.type, id: own, arn };
  }
  throw new Error(`${id} is neither an id nor an ARN of a resource that ${rule.id} looks at.`);
}

/** Passes the time by itself: a sleep takes none, but the clock moves on. */
function hastyClock(): Clock {
  let ahead = 0;
  return {
    now: () => new Date(Date.now() + ahead),
    async sleep(milliseconds) {
      ahead += milliseconds;
    },
  };
}

async function createTables({ dynamo, log, ...tables }: Tables): Promise<void> {
  await dynamo.send(
    new CreateTableCommand({
      TableName: log,
      AttributeDefinitions: [
        { AttributeName: 'trail', AttributeType: 'S' },
        { AttributeName: 'sequence', AttributeType: 'N' },
      ],
      KeySchema: [
        { AttributeName: 'trail', KeyType: 'HASH' },
        { AttributeName: 'sequence', KeyType: 'RANGE' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  await createOrderTables(dynamo, tables);
}
