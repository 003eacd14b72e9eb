import { webcrypto } from 'node:crypto';
import { endsOrComesBack } from './checks/ends';
import { fixedIsFixed } from './checks/fixed';
import { openWhileHalfDone } from './checks/half-done';
import { countersAgree, noneOpen } from './checks/hourly';
import { intentBeforeChange } from './checks/intents';
import { changeUnderLease } from './checks/lease';
import { limitsExact } from './checks/limits';
import { nothingOfOthersLost } from './checks/others';
import { permitBeforeIntent } from './checks/permits';
import { resolvedPasses } from './checks/resolved';
import { allRestored, keptBack } from './checks/restored';
import { noChangeWhileStopped } from './checks/stop';
import { chainsValid, onlyInserts } from './checks/trails';
import type { Matrix } from './matrix';
import { type Population, populate, type Reported } from './population';
import { type Random, randomOf } from './random';
import { type Rollbacks, rollBackAll } from './rollback-all';
import { replaceWire } from './sdk';
import { tables } from './tables';
import type { Violation } from './watch';
import { World } from './world';

export interface StormOptions {
  readonly seed: string;
  readonly findings: number;
  readonly log?: (line: string) => void;
  /** Checks of which the first violation ends the storm. */
  readonly until?: readonly string[];
}

/** A violation that was waited for. */
export class Found extends Error {
  override readonly name = 'Found';

  constructor(readonly violations: readonly Violation[]) {
    super('The violation that was waited for has occurred.');
  }
}

export interface StormReport {
  readonly seed: string;
  readonly findings: number;
  readonly violations: readonly Violation[];
  readonly matrix: Matrix;
  readonly outcomes: Readonly<Record<string, number>>;
  /** The outcomes on the bus. */
  readonly published: Readonly<Record<string, number>>;
  readonly rollbacks: Rollbacks;
  readonly calls: number;
  readonly changes: number;
  readonly invocations: Readonly<Record<string, number>>;
  /** Simulated, in milliseconds. */
  readonly duration: number;
  /** What happened to a resource. */
  traceOf(resource: string): readonly string[];
}

const minute = 60_000;
const hour = 60 * minute;
const start = Date.parse('2027-03-01T00:00:00Z');

/** Lets a storm of faults run over the engine while findings arrive, then calms it, takes everything back, and checks what the log and the resources say. */
export async function runStorm({ seed, findings, log = () => {}, until = [] }: StormOptions): Promise<StormReport> {
  const random = randomOf(seed);
  const restoreRandom = replaceRandom(random.fork('engine'));
  const silence = silenceMetrics();
  const population = populate(findings, random.fork('population'));
  const perHour = Math.max(40, findings / 48);
  const limits = { all: Math.ceil(perHour * 0.9), account: Math.ceil(perHour * 0.3), rule: Math.ceil(perHour * 0.2) };
  const world = new World({ population, random: random.fork('world'), limits, start });
  const restoreWire = replaceWire(world.wire());
  const violations: Violation[] = [];
  const report = (violation: Violation): void => {
    if (!violations.some(({ check }) => check === violation.check))
      log(`after ${hours(world)} h, ${violation.check}: ${violation.what} (${violation.resource})`);
    violations.push(violation);
    if (until.includes(violation.check)) world.time.fail(new Found(violations));
    world.trace.line(violation.resource, world.time.now, `!!! ${violation.check}: ${violation.what}`);
  };
  const table = (name: string) => world.aws.dynamo.table(name);
  const counted = limitsExact(limits, table(tables.coordination), report);
  const halfDone = openWhileHalfDone(report);
  let changes = 0;
  world.watch(
    world.trace.events(),
    intentBeforeChange(report),
    noChangeWhileStopped(report),
    changeUnderLease(report),
    nothingOfOthersLost(report),
    onlyInserts(report),
    permitBeforeIntent(report),
    counted.watch,
    halfDone.watch,
    fixedIsFixed(world, report),
    resolvedPasses(report),
    {
      onChange: () => {
        changes += 1;
      },
    },
  );
  try {
    world.copyPolicies();
    await findingsArrive(world, population, random.fork('arrivals'), (findings / perHour) * hour);
    log(`the storm is over after ${hours(world)} h, ${world.calls} calls, ${violations.length} violations`);
    await world.time.runThrough(world.calm());
    // Now, before detectors report again what was forgotten.
    endsOrComesBack(world, report);
    await settle(world, log);
    const outcomes = endsOrComesBack(world, report);
    for (const [subject, at] of halfDone.unsettled)
      report({
        check: 'half-done-at-the-end',
        what: `${subject} was never verified nor taken back`,
        resource: subject.split(' ')[1] ?? '',
        at,
      });
    counted.check();
    noneOpen(table(tables.coordination), report);
    countersAgree(world, report);
    await hearDetectors(world);
    world.isStormy = true;
    const rollbacks = await rollBackAll(world, Math.max(6 * hour, (findings / perHour) * hour));
    chainsValid(table(tables.log), report);
    allRestored(world, keptBack(world, rollbacks, report), report);
    const invocations = { ...world.platform.counts };
    const { calls, matrix } = world;
    const duration = world.time.now - start;
    const published = Object.fromEntries(world.published);
    const traceOf = (resource: string) => world.trace.of(resource);
    return { seed, findings, violations, matrix, outcomes, published, rollbacks, calls, changes, invocations, duration, traceOf };
  } finally {
    restoreWire();
    restoreRandom();
    silence();
  }
}

const hours = (world: World): number => Math.round((world.time.now - start) / hour);

/** Findings come alone or several in an event, some again, while people close breakers and approve. */
async function findingsArrive(world: World, { findings }: Population, random: Random, duration: number): Promise<void> {
  for (const group of groupsOf(findings, random)) {
    const at = random.below(duration);
    world.report(group, at);
    if (random.chance(0.1)) world.report(group, at + random.below(10 * minute));
  }
  for (let passed = 0; passed < duration; passed += 30 * minute) {
    await world.time.runUntil(start + passed);
    await attend(world);
  }
  await world.time.runUntil(start + duration + 11 * minute);
}

/** Findings of one rule, account and Region that may share an event. */
function groupsOf(findings: readonly Reported[], random: Random): readonly (readonly Reported[])[] {
  const groups = new Map<string, Reported[][]>();
  for (const one of findings) {
    const key = `${one.misconfiguration.rule} ${one.place.account} ${one.place.region}`;
    const known = groups.get(key) ?? [];
    groups.set(key, known);
    const last = known.at(-1);
    if (last && last.length < 4 && random.chance(0.3)) last.push(one);
    else known.push([one]);
  }
  return [...groups.values()].flat();
}

/** What people and the hourly check do: close breakers, approve what waits, send again what was not delivered. */
async function attend(world: World): Promise<void> {
  world.platform.redrive();
  const [coordination, orders] = [tables.coordination, tables.orders].map((name) => world.aws.dynamo.table(name));
  const given: object[] = [];
  for (const item of coordination?.all() ?? []) {
    const key = item.key?.S ?? '';
    const [kind, rule, account] = key.split(' ');
    const isClosed = (orders?.get({ key: { S: key } })?.closed?.S ?? '') > (item.opened?.S ?? '');
    if (kind === 'breaker' && item.opened && !isClosed)
      given.push({ order: 'close-breaker', rule, ...(account && { account }), why: 'Looked into it.' });
    if (kind === 'ask' && item.remediation?.S) given.push({ order: 'approve', remediation: `${rule}/${item.remediation.S}`, why: 'Fine.' });
  }
  await world.time.runThrough(Promise.allSettled([...given.map((order) => world.operators.order(order)), world.operators.checkHourly()]));
}

/** Goes on in fair weather until nothing is left to do; detectors report again what is still misconfigured. */
async function settle(world: World, log: (line: string) => void): Promise<void> {
  for (let round = 0; round < 60; round += 1) {
    for (let passed = 0; passed < 6 && isBusy(world); passed += 1) {
      await world.time.runUntil(world.time.now + hour);
      await attend(world);
    }
    const left = stillMisconfigured(world);
    if (left.length === 0 && !isBusy(world)) return;
    log(`${hours(world)} h: ${left.length} misconfigurations are left`);
    if (!isBusy(world)) for (const one of left) world.report([one], Math.floor(Math.random() * hour));
    await world.time.runUntil(world.time.now + hour);
    await attend(world);
  }
}

/** Detectors are asked hours or days after a fix. */
async function hearDetectors(world: World): Promise<void> {
  for (let passed = 0; passed < 100 && world.aws.scheduler.waiting.size > 0; passed += 1) await world.time.runUntil(world.time.now + hour);
}

const asksDetector = ({ input }: { readonly input: unknown }): boolean => JSON.stringify(input).includes('"look":');

const isBusy = ({ aws, platform }: World): boolean =>
  [...aws.scheduler.waiting.values()].some((schedule) => !asksDetector(schedule)) ||
  platform.pending.size > 0 ||
  platform.deadLetters.length > 0;

const stillMisconfigured = (world: World): readonly Reported[] =>
  world.population.findings.filter(({ arn, misconfiguration }) => misconfiguration.isIn(world.cells.get(arn) ?? {}, world.time.now));

/** Everything that is random in the engine follows the seed. */
function replaceRandom(random: Random): () => void {
  const { random: original } = Math;
  Math.random = () => random.next();
  const values = webcrypto.getRandomValues;
  const replaced = <Values extends ArrayBufferView | null>(into: Values): Values => {
    const bytes = new Uint8Array((into as ArrayBufferView).buffer);
    for (let index = 0; index < bytes.length; index += 1) bytes[index] = random.below(256);
    return into;
  };
  Object.defineProperty(globalThis.crypto, 'getRandomValues', { value: replaced, configurable: true, writable: true });
  return () => {
    Math.random = original;
    Object.defineProperty(globalThis.crypto, 'getRandomValues', { value: values.bind(webcrypto), configurable: true, writable: true });
  };
}

/** The functions write their metrics to standard output. */
function silenceMetrics(): () => void {
  const { write } = process.stdout;
  process.stdout.write = ((text: string | Uint8Array, ...others: never[]) =>
    typeof text === 'string' && text.startsWith('{"_aws"') ? true : write.call(process.stdout, text, ...others)) as typeof write;
  return () => {
    process.stdout.write = write;
  };
}
