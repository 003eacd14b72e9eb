import { expandArn } from '../../functions/aws/arn';
import { callOf, commandOf } from '../../functions/aws/call';
import { sameJson, toJson } from '../../functions/canonical-json';
import { identify } from '../../functions/findings/identify';
import { isChanges, loggedChange } from '../../functions/plan/change';
import { inspectAndPlan } from '../../functions/remediate/inspect-and-plan';
import { rollback } from '../../functions/rollback/rollback';
import {
  type AwsCommand,
  type Change,
  type Evidence,
  type Json,
  notFound,
  type Obstacle,
  type Plan,
  type Resource,
  type RevertContext,
  type Rule,
  toArray,
} from '../../rules/rule';
import { judgeInput } from '../emulator/models/judge';
import { type Bench, useBench } from './bench';
import { countFix, noteFix } from './counted-calls';
import { documentedStatuses } from './documented-statuses';
import { misaimedTrails } from './forged-trail';
import { expectGranted, expectUsed, type Need, needsOf, type SentCall, uncovered } from './grants';
import { writtenAlong } from './independence';
import { judgeStatuses } from './judge-statuses';
import { isWellFormed } from './obstacle-code';
import { takenForOwn } from './own-part';
import { type Replaying, recorder } from './replay';
import type { Scenario, Start, World } from './scenario';
import { holdsSecret, secretReading, withSecrets } from './secrets';
import { type Aimed, misaimed } from './targets';
import { keepingPorts } from './written';

/** The laws that hold for every rule, over the starting states of its scenario. */
// biome-ignore lint/suspicious/noExplicitAny: the state and the parameters are each rule's own.
export function describeRule(given: Rule<any, any>, scenario: Scenario): void {
  const obstacles: Obstacle[] = [];
  const aimed: Aimed[] = [];
  const rule = observing(given as Rule, obstacles, aimed);
  const bench = useBench(rule, scenario);
  const planned: Change[] = [];
  const plannedCalls: SentCall[] = [];
  const changedMeanwhile: string[] = [];
  let allNeeds: Promise<readonly Need[]> | undefined;
  // Asked for when all tests that call have run. What waits for an approval is not sent here, but needs its grants.
  const calls = () => [...bench.allCalls, ...plannedCalls];
  const needs = () => (allNeeds ??= needsOf(rule, calls(), (account) => bench.resources.get(account), scenario));
  const [first] = Object.values(scenario.violations);
  if (!first) throw new Error(`The scenario of ${rule.id} needs a violation.`);
  const fixable = Object.values(scenario.violations).find(({ outcome }) => outcome !== 'awaiting-approval');
  const reading = toArray(rule.permissions.inspect).flatMap(({ actions }) => actions);
  const mayHoldSecrets = reading.some((action) => secretReading.includes(action));
  // Of a thing of another service that the resource refers to, each rule says what it makes of it.
  const isOwn = (action: string): boolean => toArray(rule.resource).some(({ arn }) => arn.split(':')[2] === action.split(':')[0]);
  const statuses = documentedStatuses.filter(({ action }) => reading.includes(action) && isOwn(action));

  describe(rule.id, () => {
    for (const [name, violation] of Object.entries(scenario.violations)) {
      describe(`given ${name}`, () => {
        const expected = violation.outcome ?? 'fixed';
        const act = prepare(bench, scenario, violation);
        let remediation = '';
        let fixed: Json = null;

        it('is found, and planned without a side effect', async () => {
          const { resource, before, asked } = await act.seeded();
          const { plan } = before;
          if (!isChanges(plan)) throw new Error(`The plan is an obstacle: ${JSON.stringify(plan)}`);
          expect(plan.length).toBeGreaterThan(0);
          planned.push(...plan);
          plannedCalls.push(...plan.flatMap(commandsOf).map((command) => ({ ...callOf(command), place: resource })));
          // What waits for an approval, and its undo, is not sent here.
          for (const command of plan.flatMap(commandsOf)) judgeInput(command);
          const frozen = deepFreeze(toJson(before.state));
          // The time of the plan may be a part of it.
          const again = rule.plan(resource, frozen, asked as never);
          if (!isChanges(again)) throw new Error('The second plan is an obstacle.');
          expect(again.map(loggedChange)).toEqual(plan.map(loggedChange));
          for (const change of plan) {
            const logged = loggedChange(change);
            expect(loggedCallsRevive(rule, logged)).toBe(true);
          }
        });

        if (rule.list) {
          it('is listed among the resources of its account and region', async () => {
            const { resource, aws } = await act.seeded();
            const ids = (await rule.list?.(resource, aws)) ?? [];
            expect(ids.some((id) => id === resource.id || id === resource.arn)).toBe(true);
          });
        }

        const { configId } = violation;
        if (configId) {
          it('is found by the id that AWS Config gives', async () => {
            const { world, id, resource, finding } = await act.seeded();
            const reported = { kind: finding.resource.kind, reported: { configId: await configId(world, id) } };
            expect(await identify({ ...finding, resource: reported }, bench.connect(resource))).toEqual(resource);
            const missing = await identify(
              { ...finding, resource: { ...reported, reported: { configId: expandArn(scenario.missing, world) } } },
              bench.connect(resource),
            );
            if (missing === notFound) return;
            if ('unfixable' in missing) throw new Error(missing.unfixable);
            expect(await rule.inspect(missing, bench.connect(missing), act.parameters as never)).toBe(notFound);
          });
        }

        it('is left alone in observe mode', async () => {
          const { finding } = await act.seeded();
          bench.calls.length = 0;
          const result = await bench.handle(finding, { mode: 'observe', parameters: act.parameters });
          expect(result).toMatchObject({ outcome: 'observed' });
          expectGranted(rule, bench.calls, 'inspect');
        });

        if (violation === first) {
          it('is left alone where the finding names another account or region', async () => {
            await act.seeded();
            const elsewhere = await bench.world();
            const isThere = scenario.missing === 'always there';
            const { finding } = bench.finding(
              elsewhere,
              isThere ? elsewhere.account : expandArn(scenario.missing, elsewhere),
              violation.detectedBy,
            );
            const result = await bench.handle(finding, { mode: 'fix', parameters: act.parameters });
            expect(result).toMatchObject({ outcome: isThere ? expect.any(String) : 'resource-not-found' });
          });
        }

        // Once for all that change nothing here: a call of the emulator costs more than all else.
        it('is as before after the plan, the list, the observe mode and a fix elsewhere', () => expectSame(act));

        if (statuses.length > 0) {
          it('waits for the statuses that pass by themselves alone, as AWS documents them', async () => {
            const { resource } = await act.seeded();
            const { misjudged, seen } = await judgeStatuses(rule, resource, act.context(), statuses, await act.replaying());
            expect(misjudged).toEqual([]);
            expect(seen).toBeGreaterThan(0);
          });
        }

        if (rule.independentUndo) {
          it('takes back its own setting alone, whatever else is changed', async () => {
            const { resource, before } = await act.seeded();
            expect(writtenAlong(given as Rule, resource, before.state, act.context())).toEqual([]);
          });
        }

        if (mayHoldSecrets) {
          it('keeps secrets in the resource out of its state and its plan', async () => {
            const { resource, before } = await act.seeded();
            const planting = (await act.replaying())(withSecrets);
            const seen = await inspectAndPlan(rule, resource, planting, act.context());
            if (seen === notFound || !isChanges(seen.plan)) throw new Error('With secrets in it, the resource is no longer noncompliant.');
            const own = rule.revertOwnPart?.(resource, seen.state, {
              before: seen.state,
              after: before.state,
              parameters: act.context().parameters,
            });
            expect([seen.state, seen.plan.map(loggedChange), (own ?? []).map(callOf)].filter(holdsSecret)).toEqual([]);
          });

          it('keeps secrets in the resource out of all that is written: by its function, and by all that read its log and events', async () => {
            const { finding: known } = await act.seeded();
            // Of what was reported before, nothing would be written anew.
            const finding = { ...known, id: `${known.id}, with secrets` };
            const planting = (await act.replaying())(withSecrets);
            const { over, everything } = keepingPorts();
            const from = bench.gateway.calls.length;
            const settings = { mode: 'observe', parameters: act.parameters } as const;
            const result = await bench.handle(finding, settings, { ...over, connect: () => planting });
            const written = await everything(result, await bench.log.read(result.remediation), bench.gateway.calls.slice(from));
            for (const [place, content] of Object.entries(written)) {
              expect([place, holdsSecret(content)]).toEqual([place, false]);
              expect([place, JSON.stringify(content).length > 2]).toEqual([place, true]);
            }
          });
        }

        it(`is ${expected}, with the declared calls alone`, async () => {
          const { finding, world, id, resource, before } = await act.seeded();
          bench.calls.length = 0;
          const kept = keepingPorts();
          const sentBefore = bench.gateway.calls.length;
          const result = await bench.handle(finding, { mode: 'fix', parameters: act.parameters }, kept.over);
          expect(result).toMatchObject({ outcome: expected });
          remediation = result.remediation;
          expectGranted(rule, bench.calls, 'change');
          if (mayHoldSecrets) {
            const written = await kept.everything(result, await bench.log.read(remediation), bench.gateway.calls.slice(sentBefore));
            expect(Object.entries(written).filter(([, content]) => holdsSecret(content))).toEqual([]);
          }
          if (expected === 'awaiting-approval') return expectSame(act);
          noteFix(countFix(rule, name, bench.calls));
          const after = await act.inspectAndPlan();
          fixed = after.state;
          const left = isChanges(after.plan) ? after.plan.filter((change) => !('irreversible' in change)) : after.plan;
          expect(left).toEqual(
            expected === 'partly-fixed' && !isChanges(after.plan) ? { unfixable: expect.any(String), code: expect.any(String) } : [],
          );
          if (expected === 'fixed') expect(after.plan).toEqual([]);
          expect(after.state).not.toEqual(before.state);
          if (rule.marksOwnPart) {
            const { parameters } = act.context();
            expect(takenForOwn(given as Rule, resource, { before: before.state, after: after.state, parameters })).toEqual([]);
          }
          aimed.push(...aimedBack(resource, before, after.state, act.parameters));
          await violation.fixed?.(world, id);
        });

        if (expected === 'awaiting-approval') return;

        it('is not touched a second time', async () => {
          const { finding } = await act.seeded();
          const { state, plan, exempt } = await act.inspectAndPlan();
          bench.calls.length = 0;
          const result = await bench.handle(finding, { mode: 'fix', parameters: act.parameters });
          const left = isChanges(plan) ? 'awaiting-approval' : 'unfixable';
          const whole = exempt ? 'exempt' : 'already-compliant';
          expect(result.outcome).toBe(expected === 'fixed' ? whole : left);
          expectGranted(rule, bench.calls, isChanges(plan) && plan.length > 0 ? 'decide' : 'inspect');
          expect((await act.inspectAndPlan()).state).toEqual(state);
        });

        if (violation === fixable) {
          it('is not rolled back by an undo in its log that names another resource', async () => {
            const { resource } = await act.seeded();
            const tools = bench.rollbackTools(resource);
            for (const events of await misaimedTrails(await bench.log.read(remediation), resource)) {
              const log = { read: async () => events, append: async () => {} };
              bench.calls.length = 0;
              expect(await rollback({ remediation, force: true }, { ...tools, log })).toMatchObject({
                outcome: 'rollback-refused',
                reason: expect.stringContaining('names another resource'),
              });
              expectGranted(rule, bench.calls, 'inspect');
            }
          });
        }

        it(violation.meanwhile ? 'is rolled back as far as others have not changed it' : 'is as before after a rollback', async () => {
          const { world, id, before, resource } = await act.seeded();
          await violation.meanwhile?.(world, id);
          const untouched = (await act.inspectAndPlan()).state;
          // Like the state before or after the fix, it would not ask the rule what is its own part.
          if (violation.meanwhile && ![fixed, before.state].some((state) => sameJson(state, untouched))) changedMeanwhile.push(name);
          bench.calls.length = 0;
          const result = await rollback({ remediation, force: false }, bench.rollbackTools(resource));
          expect(result).toMatchObject({ outcome: violation.rollback ?? 'rolled-back' });
          expectGranted(rule, bench.calls, 'change');
          if (mayHoldSecrets) expect((await bench.log.read(remediation)).filter(holdsSecret)).toEqual([]);
          if (violation.rollback === 'rollback-refused') expect((await act.inspectAndPlan()).state).toEqual(untouched);
          if (!violation.meanwhile && !violation.rolledBack) expect((await act.inspectAndPlan()).state).toEqual(before.state);
          await violation.rolledBack?.(world, id);
        });
      });
    }

    for (const [name, start] of Object.entries(scenario.compliant)) {
      it(`leaves alone ${name}`, async () => {
        const act = prepare(bench, scenario, start);
        const { finding, before } = await act.seeded();
        bench.calls.length = 0;
        expect(await bench.handle(finding, { mode: 'fix', parameters: act.parameters })).toMatchObject({ outcome: 'already-compliant' });
        expectGranted(rule, bench.calls, 'inspect');
        expect((await act.inspectAndPlan()).state).toEqual(before.state);
      });
    }

    for (const [name, obstacle] of Object.entries(scenario.obstacles ?? {})) {
      it(`changes nothing, and says why, given ${name}`, async () => {
        const act = prepare(bench, scenario, obstacle);
        const { finding } = await act.seeded({ unplanned: true });
        bench.calls.length = 0;
        const result = await bench.handle(finding, { mode: 'fix', parameters: act.parameters });
        expect(result).toMatchObject({ outcome: obstacle.outcome });
        if (obstacle.reason) expect(result.reason).toMatch(obstacle.reason);
        expectGranted(rule, bench.calls, 'inspect');
      });
    }

    if (scenario.missing !== 'always there') {
      it('says so where there is no such resource', async () => {
        const world = await bench.world();
        const { finding } = bench.finding(world, expandArn(scenario.missing, world));
        bench.calls.length = 0;
        const parameters = parametersIn(scenario, world);
        expect(await bench.handle(finding, { mode: 'fix', parameters })).toMatchObject({ outcome: 'resource-not-found' });
        expectGranted(rule, bench.calls, 'inspect');
      });
    }

    it('does not take a refusal for a missing resource', async () => {
      const world = await bench.world();
      const { resource } = bench.finding(world, scenario.missing === 'always there' ? world.account : expandArn(scenario.missing, world));
      const refused = Object.assign(new Error('You may not.'), { name: 'AccessDeniedException', $metadata: { httpStatusCode: 403 } });
      const { parameters, now } = bench.context(parametersIn(scenario, world));
      const seen = await rule.inspect(resource, { send: () => Promise.reject(refused) }, parameters, now).catch(() => 'refused');
      expect(seen).not.toBe(notFound);
    });

    it('gives each reason for changing nothing a well-formed code', () => {
      expect(obstacles.filter((obstacle) => !isWellFormed(obstacle))).toEqual([]);
    });

    it('declares how far a rollback leads back', () => {
      const irreversible = planned.filter((change) => 'irreversible' in change);
      const nearly = planned.some((change) => 'nearest' in change) ? 'nearly' : undefined;
      const partly = irreversible.length === planned.length ? 'never' : 'partly';
      expect(rule.reversible).toBe(irreversible.length > 0 ? partly : nearly);
    });

    if (rule.revertOwnPart) {
      it('takes back its own part where others have changed the resource meanwhile', () => {
        if (changedMeanwhile.length > 0) return;
        throw new Error(
          `${rule.id} has revertOwnPart, but no violation shows what it does: give one a \`meanwhile\` after which the state is neither that before the fix nor that after it.`,
        );
      });
    }

    it('acts on the resource alone: refuses each of its commands with another name in it', async () => {
      expect(aimed.length).toBeGreaterThan(0);
      expect(await misaimed(rule, aimed)).toEqual([]);
    });

    it('calls nothing beyond the ARNs that it is granted on', async () => {
      expect(uncovered(rule, await needs())).toEqual([]);
    });

    it('uses every action, every ARN of a grant and every command class that it declares', async () => {
      expectUsed(rule, calls(), await needs(), scenario);
    });
  });
}

/** The same rule, which also puts every obstacle of its plans, and every command that it has sent, into a list. */
function observing(rule: Rule, obstacles: Obstacle[], aimed: Aimed[]): Rule {
  return {
    ...rule,
    plan(resource, state, context) {
      const plan = rule.plan(resource, state, context);
      if (!isChanges(plan)) obstacles.push(plan);
      else
        aimed.push(
          ...plan.map((change) => ({ call: callOf(change.do), resource, now: state, before: state, parameters: context.parameters })),
        );
      return plan;
    },
    ...(rule.revertOwnPart && {
      revertOwnPart(resource: Resource, now: Json, context: RevertContext<Json, unknown>) {
        const commands = rule.revertOwnPart?.(resource, now, context);
        const { before, parameters } = context;
        aimed.push(...(commands ?? []).map((command) => ({ call: callOf(command), resource, now, before, parameters })));
        return commands;
      },
    }),
  };
}

/** The commands by which a rollback takes the changes back, once they are made. */
function aimedBack(
  resource: Resource,
  { plan, state: before }: { readonly plan: Plan; readonly state: Json },
  now: Json,
  parameters: unknown,
): readonly Aimed[] {
  const undos = (isChanges(plan) ? plan : []).flatMap((change) =>
    'undo' in change && change.undo !== 'revert-own-part' ? [change.undo] : [],
  );
  return undos.map((undo) => ({ call: callOf(undo), resource, now, before, parameters }));
}

/** One start, seeded when first asked for. */
function prepare(bench: Bench, scenario: Scenario, start: Start) {
  const parameters: Record<string, Json> = {};
  let seeding: Promise<Seeded> | undefined;
  let replaying: Replaying | undefined;
  let evidence: Evidence | undefined;

  async function seed(unplanned: boolean) {
    const world = await bench.world();
    Object.assign(parameters, parametersIn(scenario, world), start.parameters);
    const id = await start.seed(world);
    const { finding: bare, resource } = bench.finding(world, id, start.detectedBy);
    evidence = await start.evidence?.(world, id);
    const finding = { ...bare, ...(start.found && { parameters: start.found }), ...(evidence && { evidence }) };
    const aws = bench.connect(resource);
    const asked = unplanned ? undefined : context();
    const before = asked ? await lookAt(asked) : { state: null, plan: [] };
    return { world, id, finding, resource, aws, before, asked };

    async function lookAt(by: ReturnType<typeof context>) {
      const seen = await inspectAndPlan(bench.rule, resource, aws, by);
      if (seen === notFound) throw new Error('The seeded resource is not there.');
      return seen;
    }
  }
  type Seeded = Awaited<ReturnType<typeof seed>>;

  const context = () => bench.context(parameters, start.detectedBy, start.found, evidence);
  const seeded = ({ unplanned = false } = {}): Promise<Seeded> => (seeding ??= seed(unplanned));
  return {
    parameters,
    context,
    seeded,
    inspectAndPlan: inspectAgain,
    /** Gives again what the last look read. */
    async replaying(): Promise<Replaying> {
      if (!replaying) await inspectAgain();
      return replaying as Replaying;
    },
  };

  async function inspectAgain() {
    const { resource, aws } = await seeded();
    const record = recorder(aws);
    const seen = await inspectAndPlan(bench.rule, resource, record.recording, context());
    if (seen === notFound) throw new Error('The resource is gone.');
    replaying = record.replaying;
    return seen;
  }
}

const parametersIn = ({ parameters = {} }: Scenario, world: World): Readonly<Record<string, Json>> =>
  typeof parameters === 'function' ? parameters(world) : parameters;

async function expectSame(act: ReturnType<typeof prepare>): Promise<void> {
  const { before } = await act.seeded();
  expect((await act.inspectAndPlan()).state).toEqual(before.state);
}

const commandsOf = (change: Change): readonly AwsCommand[] => [
  change.do,
  ...('undo' in change && change.undo !== 'revert-own-part' ? [change.undo] : []),
];

function loggedCallsRevive(rule: Rule, change: ReturnType<typeof loggedChange>): boolean {
  const calls = [change.do, ...('undo' in change && change.undo !== 'revert-own-part' ? [change.undo] : [])];
  return calls.every((call) => JSON.stringify(callOf(commandOf(call, rule.commands))) === JSON.stringify(call));
}

function deepFreeze<Value>(value: Value): Value {
  if (value !== null && typeof value === 'object') Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
