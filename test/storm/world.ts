import { type Aws, accessDenied, inMemoryAws } from './aws/aws';
import type { Cell, Cells } from './aws/cells';
import { AwsError, NotSimulated } from './aws/error';
import { changes, isAboutResources, resourceOf } from './aws/resource-of';
import { HubFindings } from './aws/services/security-hub';
import type { Call } from './call';
import { connectionReset } from './exception';
import type { Fault } from './faults';
import { findingEvent, productArn } from './finding-event';
import { deployed, nameOf } from './functions';
import { Matrix } from './matrix';
import { type Operators, operators } from './operators';
import { Platform } from './platform';
import { type Limits, policyText, type Weather } from './policy';
import type { Population, Reported } from './population';
import type { Random } from './random';
import { resourceType } from './resource-type';
import type { Sent, Wire } from './sdk';
import type { Step } from './step';
import { isIntent, stepOf } from './steps';
import { chooser } from './strike';
import { shapes } from './tables';
import { Trace } from './trace';
import { VirtualTime } from './virtual-time';
import type { Watch } from './watch';
import { type Worker, workers } from './worker';

export interface WorldOptions {
  readonly population: Population;
  readonly random: Random;
  readonly limits: Limits;
  readonly start: number;
}

const minute = 60_000;
/** From its last look at a resource to its change, a worker sees nothing of others. */
const unseeing: readonly Step[] = ['look', 'change', 'undo-inspect', 'undo'];
/** For the caller of a killed worker. Each its own: a promise keeps all that waits for it. */
const never = (): Promise<never> => new Promise(() => {});

/** Everything around the engine: AWS, Lambda, the people, the weather, and time. */
export class World {
  readonly time: VirtualTime;
  readonly matrix = new Matrix();
  readonly trace = new Trace();
  readonly cells: Cells;
  /** The resources as they would be if nobody but others had ever changed them. */
  readonly withoutUs: Cells;
  readonly hub = new HubFindings();
  readonly aws: Aws;
  readonly platform: Platform;
  readonly operators: Operators;
  /** The outcomes on the bus. */
  readonly published = new Map<string, number>();
  readonly limits: Limits;
  readonly population: Population;
  /** The resources that others have changed. */
  /** Resources that are rolled back with force: whoever asks for that has seen to it that nobody else changes them. */
  readonly forced = new Set<string>();
  readonly changedByOthers = new Set<string>();
  /** Faults strike only while it is stormy. */
  isStormy = true;
  calls = 0;
  weather: Weather = 'fair';
  private watches: readonly Watch[] = [];
  private fairAgainAt = 0;
  private stopUntil = 0;
  private numbers = 0;
  private readonly denied = new Map<string, number>();
  private readonly random: Random;
  private readonly choose: ReturnType<typeof chooser>;
  private readonly byId: ReadonlyMap<string, Reported>;
  private readonly byResource = new Map<string, Reported[]>();

  constructor({ population, random, limits, start }: WorldOptions) {
    this.time = new VirtualTime(start);
    this.population = population;
    this.limits = limits;
    this.random = random;
    this.choose = chooser(this.matrix, random.fork('faults'));
    this.cells = structuredClone(population.cells);
    this.withoutUs = structuredClone(population.cells);
    this.byId = new Map(population.findings.map((one) => [one.id, one]));
    for (const one of population.findings) this.byResource.set(one.arn, [...(this.byResource.get(one.arn) ?? []), one]);
    this.hub.fails = ({ id }) => this.fails(id);
    this.hub.onUpdate = ({ id, resource, workflow }) => {
      for (const watch of this.watches) watch.onWorkflow?.({ id, resource, workflow, fails: this.fails(id) }, this.time.now);
    };
    this.aws = inMemoryAws({
      cells: this.cells,
      shapes,
      findings: this.hub,
      configuration: () => policyText(this.weather, limits),
      onWrite: (written, request) => {
        for (const watch of this.watches) watch.onWrite?.(written, request as Call, workers.getStore());
      },
      onSchedule: ({ name, at, target, input }) => {
        this.time.at(at, () => {
          this.aws.scheduler.complete(name);
          this.platform.deliver(target, input, this.random.below(1500));
        });
      },
      onEvent: ({ detail }) => this.published.set(detail.outcome, (this.published.get(detail.outcome) ?? 0) + 1),
      onInvoke: (name, event) => this.platform.deliver(name, event, this.random.below(500)),
    });
    this.platform = new Platform(this.time, deployed(this.clock()), (event) => this.rolledBackBy(event));
    this.platform.onEnd = (worker, how) => {
      this.trace.add(worker, this.time.now, how);
      for (const watch of this.watches) watch.onEnd?.(worker);
    };
    this.operators = operators(this.platform);
  }

  watch(...watches: readonly Watch[]): void {
    this.watches = [...this.watches, ...watches];
  }

  /** The wire of the SDK's clients. */
  wire(): Wire {
    return {
      isWithRole: (service, operation) =>
        operation !== 'Invoke' && (isAboutResources(service) || ['cloudtrail', 'securityhub', 'configservice'].includes(service)),
      send: (sent, worker) => this.send(sent, worker),
      sleep: (milliseconds, worker) => this.sleep(milliseconds, worker),
      random: () => this.random.next(),
    };
  }

  /** Sends findings as one event, and keeps them in Security Hub. */
  report(reported: readonly Reported[], delay = 0): void {
    const [first] = reported;
    if (!first) return;
    for (const { id, arn, misconfiguration, place } of reported) {
      const { account, region } = place;
      this.hub.set({ id, productArn: productArn(region), control: misconfiguration.control, resource: arn, account, workflow: 'NEW' });
    }
    this.time.after(delay, () => this.platform.deliver(nameOf(first.misconfiguration.rule), findingEvent(reported, this.time.now)));
  }

  /** Ends all that the storm has brought. */
  async calm(): Promise<void> {
    this.isStormy = false;
    this.denied.clear();
    this.weather = 'fair';
    this.stopUntil = 0;
    await this.operators.order({ order: 'resume', why: 'The storm is over.' });
  }

  /** Somebody else changes a resource, here and where we do not exist. Says what to look for in it afterwards. */
  changeByOthers(arn: string): string | undefined {
    const sort = this.population.sortOf.get(arn);
    const [cell, shadow] = [this.cells.get(arn), this.withoutUs.get(arn)];
    if (!sort || !cell || !shadow || sort.others.length === 0) return undefined;
    this.numbers += 1;
    const change = this.random.pick(sort.others);
    const before = JSON.stringify(cell);
    change(cell, this.numbers);
    change(shadow, this.numbers);
    const marks = [`Partner${this.numbers}`, `team-${this.numbers}`, `events-${this.numbers}`, `sgr-${this.numbers}`];
    const after = JSON.stringify(cell);
    const mark = marks.find((one) => after.includes(`${one}"`) || after.includes(`${one}\\"`));
    const names = [arn, cell.name ?? arn.split(':').at(-1)];
    this.aws.trail.record(names, {
      name: 'PutByOthers',
      type: resourceType(sort.type),
      source: `${arn.split(':')[2]}.amazonaws.com`,
      at: this.time.now,
      arn: 'arn:aws:iam::444455556666:user/bob',
      userAgent: 'console',
    });
    this.changedByOthers.add(arn);
    this.trace.line(arn, this.time.now, `--- others add ${mark}`);
    for (const watch of this.watches) watch.onOthers?.(arn, mark ?? before, this.time.now);
    return mark;
  }

  /** What the detector of a finding would say. */
  private fails(id: string): boolean {
    const found = this.byId.get(id);
    return found?.misconfiguration.isIn(this.cells.get(found.arn) ?? {}, this.time.now) ?? false;
  }

  private clock() {
    return {
      now: () => new Date(this.time.now),
      sleep: (milliseconds: number) => {
        const worker = workers.getStore();
        return worker ? this.sleep(milliseconds, worker) : this.time.sleep(milliseconds);
      },
    };
  }

  private async sleep(milliseconds: number, worker: Worker): Promise<void> {
    await this.time.sleep(milliseconds);
    if (!worker.isAlive) await never();
  }

  private async send(sent: Sent, worker: Worker): Promise<object> {
    if (!worker.isAlive) return never();
    const call = this.begin(sent, worker);
    const step = stepOf(call, worker);
    worker.step = step;
    const fault = step && this.isStormy ? (outageOf(worker, call, this.time.now) ?? this.choose(call, worker, step)) : undefined;
    await this.sleep(2 + this.random.below(call.resource === undefined ? 12 : 60), worker);
    try {
      if (step && fault) await this.before(fault, { call, worker, step });
      const answer = this.apply(call, worker);
      if (fault === 'lost') throw connectionReset();
      if (fault === 'killed-after') worker.kill('killed after a call');
      this.trace.call(worker, call, { step, now: this.time.now, what: fault ?? '' });
      await this.sleep(1 + this.random.below(8), worker);
      return answer;
    } catch (error) {
      if (error instanceof NotSimulated) this.time.fail(error);
      this.trace.call(worker, call, {
        step,
        now: this.time.now,
        what: `${fault ?? ''} ${error instanceof AwsError ? error.code : String(error)}`,
      });
      await this.sleep(1 + this.random.below(8), worker);
      throw error;
    }
  }

  private begin({ service, operation, input, region, accessKeyId }: Sent, worker: Worker): Call {
    this.calls += 1;
    const session = accessKeyId === undefined ? undefined : this.aws.session(accessKeyId);
    const account = session?.account ?? '999999999999';
    const named = { input, account, region };
    const resource = session && isAboutResources(service) ? resourceOf(service, named) : undefined;
    const call: Call = {
      id: this.calls,
      service,
      operation,
      ...named,
      principal: session?.arn ?? `arn:aws:sts::999999999999:assumed-role/posture-function-${worker.writer}/posture`,
      now: this.time.now,
      resource,
      isChange: resource !== undefined && changes(service, operation),
    };
    worker.calls.push(call);
    return call;
  }

  private apply(given: Call, worker: Worker): object {
    const call = Object.assign(given, { now: this.time.now });
    const isDenied = [`${call.principal} all`, `${call.principal} ${call.isChange ? 'change' : 'read'}`].some(
      (key) => (this.denied.get(key) ?? 0) > this.time.now,
    );
    if (isDenied && call.resource !== undefined) throw accessDenied(call);
    const cell = call.resource === undefined ? undefined : this.cells.get(call.resource);
    const before = call.isChange && cell ? textOf(cell) : '';
    const answer = this.aws.call(call);
    call.applied = this.time.now;
    if (isIntent(call)) worker.hasIntent = true;
    if (call.isChange && cell) {
      worker.hasChanged = true;
      for (const watch of this.watches) watch.onChange?.({ call, worker, before, after: textOf(cell) });
    }
    return answer;
  }

  /** What happens before the call arrives. Throws what the caller sees, if it does not arrive. */
  private async before(fault: Fault, { call, worker, step }: Struck): Promise<void> {
    this.matrix.add(step, fault);
    const { random } = this;
    const persists = ['throttled', 'failed', 'reset', 'lost'].includes(fault) && random.chance(0.3);
    if (persists && (worker.outage?.until ?? 0) < this.time.now)
      worker.outage = { kind: fault as 'lost', service: call.service, until: this.time.now + 2000 + random.below(60_000) };
    if (fault === 'throttled')
      throw new AwsError(call.service === 's3' ? 'SlowDown' : 'ThrottlingException', 'Rate exceeded', call.service === 's3' ? 503 : 400);
    if (fault === 'failed') throw new AwsError('InternalServerError', 'An internal error occurred', 500);
    if (fault === 'reset') throw connectionReset();
    if (fault === 'slow') await this.sleep(2000 + random.below(30_000), worker);
    if (fault === 'killed') {
      worker.kill('killed before a call');
      await never();
    }
    if (fault === 'denied') this.deny(call);
    if (fault === 'duplicate') this.platform.deliver(nameOf(worker.writer), worker.event, random.below(3000));
    if (fault === 'sibling') this.reportSibling(worker);
    if (fault === 'outside' && worker.resource !== undefined && this.mayChangeByOthers(worker, worker.resource))
      this.changeByOthers(worker.resource);
    if (fault === 'stop') await this.stop(worker);
    if (['mode', 'limit', 'unreadable'].includes(fault)) this.change(fault);
  }

  private mayChangeByOthers(worker: Worker, resource: string): boolean {
    return !this.forced.has(resource) && !this.isBeingChanged(worker);
  }

  /** Whether another worker is between its last look at the resource and its change, when nobody can see what others do. */
  private isBeingChanged(worker: Worker): boolean {
    return [...this.platform.running].some(
      (other) => other !== worker && other.resource === worker.resource && other.step !== undefined && unseeing.includes(other.step),
    );
  }

  private deny({ principal, isChange }: Call): void {
    const only = isChange ? 'change' : 'read';
    const what = this.random.chance(0.3) ? 'all' : only;
    this.denied.set(`${principal} ${what}`, this.time.now + (1 + this.random.below(20)) * minute);
  }

  private reportSibling({ resource }: Worker): void {
    const others = this.byResource.get(resource ?? '') ?? [];
    if (others.length > 0) this.report([this.random.pick(others)], this.random.below(2000));
  }

  /** A stop, in force when the call arrives. */
  private async stop(worker: Worker): Promise<void> {
    const until = this.time.now + 5000 + this.random.below(40_000);
    const isStopped = this.stopUntil > this.time.now;
    this.stopUntil = Math.max(this.stopUntil, until);
    if (isStopped) return;
    const stopped = this.operators.order({ order: 'stop', why: 'A storm' });
    await stopped;
    if (!worker.isAlive) await never();
    this.resumeLater();
  }

  private resumeLater(): void {
    this.time.at(this.stopUntil, () => {
      if (this.stopUntil > this.time.now) this.resumeLater();
      else if (this.stopUntil > 0) this.operators.order({ order: 'resume', why: 'A lull' }).catch(() => this.resumeLater());
    });
  }

  private change(fault: Fault): void {
    // AppConfig announces what it has deployed.
    this.time.after(1, () => this.copyPolicy());
    this.weather = fault === 'mode' ? this.random.pick(['observe', 'ask', 'off'] as const) : (fault as 'limit' | 'unreadable');
    this.fairAgainAt = this.time.now + minute + this.random.below(minute);
    this.time.at(this.fairAgainAt, () => {
      if (this.fairAgainAt > this.time.now) return;
      this.weather = 'fair';
      this.copyPolicy();
    });
  }

  /** The control function copies the policy from time to time; now and then it doesn't for so long that the copy is too old. */
  copyPolicies(): void {
    this.copyPolicy();
    this.time.after((this.random.chance(0.05) ? 9 : 4) * minute, () => this.copyPolicies());
  }

  private copyPolicy(): void {
    this.operators.copyPolicy().catch(() => undefined);
  }

  /** The resource whose fix a message takes back. */
  private rolledBackBy(event: unknown): string | undefined {
    const { rollback } = (event ?? {}) as { readonly rollback?: string };
    if (rollback === undefined) return undefined;
    const remediation = rollback.split('/').at(-1) ?? '';
    return this.aws.dynamo.table(shapes[0]?.name ?? '').partitionOf(remediation, 'by-remediation')[0]?.resource?.S ?? 'unknown';
  }
}

interface Struck {
  readonly call: Call;
  readonly worker: Worker;
  readonly step: Step;
}

/** A resource as it is going to be: without what it only still shows. */
const textOf = (cell: Cell): string => JSON.stringify(cell, (name, value) => (name === 'now' ? undefined : value));

const outageOf = ({ outage }: Worker, { service }: Call, now: number): Fault | undefined =>
  outage && outage.until > now && outage.service === service ? outage.kind : undefined;
