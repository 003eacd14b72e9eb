import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { openPolicy } from '../../functions/cli/central/deployed-policy';
import { systemClock } from '../../functions/clock';
import { eachOf } from '../../functions/concurrency';
import { findRecord } from '../../functions/log/record';
import { eventBridgePublisher, publishOutcome } from '../../functions/outcomes/publish-outcome';
import { recordsIn } from '../../functions/remediate/create-ports';
import { names } from '../../infra/names';
import type { Rule } from '../../rules/rule';
import { pieces } from './account/account';
import { isViolation } from './account/piece';
import { type Case, openCase } from './case';
import { checkAll } from './check';
import { copyPolicy } from './copy-policy';
import { readCases } from './coverage';
import type { RuleFunction } from './deploy';
import { type Document, documentOf } from './document';
import { lookAtAll } from './evidence';
import { perform, type Theatre } from './pass';
import { patch } from './patch';
import { letPeopleDecide } from './people';
import { fixing, observing } from './policies';
import type { Show } from './print/show';
import { respond } from './respond';
import type { Stage } from './stage';
import { summarize } from './summary';
import { readTrail } from './trail';
import { revertOwnPart } from './undo';
import { ownersWorld } from './world';

/** The resource whose trail is read, and whose fix is rolled back: that of the first report of this control. */
const exemplary = 'S3.5';

/** The demo from the badly kept account to the last proof. */
export async function tellStory(stage: Stage, show: Show, started: number): Promise<Document> {
  const { gateway, account, deployment } = stage;
  const { rules, functions, routes, logTable, ordersTable, coordinationTable } = deployment;
  const world = ownersWorld(account, rules);
  const dynamo = account.client(DynamoDBClient);
  const recordsOf = (rule: string) =>
    recordsIn({ dynamo, log: logTable, orders: ordersTable, coordination: coordinationTable }, { by: 'rule', rule }, systemClock);
  const logOf = (rule: string) => recordsOf(rule).log;

  const violations = pieces.filter(isViolation);
  const shown = rules.filter(({ detectedBy: { securityHub, config } }) =>
    violations.some(({ control }) => [...securityHub, ...config].includes(control)),
  );
  show.doing(
    `Creating a misconfigured account: ${violations.length} violations of ${shown.length} of the ${rules.length} rules, and ${pieces.length - violations.length} resources that require no fix`,
  );
  const cases = sortedByRule(await eachOf(pieces, 4, (piece) => openCase(piece, world, gateway.past, routes)));
  const before = await lookAtAll(cases, world, observing);

  const deployed = (rule: Rule): RuleFunction => {
    const found = functions.get(rule.id);
    if (!found) throw new Error(`No function is deployed for ${rule.id}.`);
    return found;
  };
  const theatre: Theatre = { gateway, logOf, account: account.account, region: account.region, functionOf: deployed };

  const showObserved = show.pass('observe', cases.length);
  const observed = (await perform(cases, theatre, 1, ([only]) => only && showObserved(only))).flat();
  const afterObserving = await lookAtAll(cases, world, observing);

  show.doing('Publishing a policy that fixes');
  const policy = await openPolicy({ account: account.account, region: account.region, credentials: account.credentials });
  await policy.deploy(fixing, 'The owner has seen what would be fixed.');
  // As AppConfig's event has it done.
  await copyPolicy(account, gateway, deployment);
  const showFixed = show.pass('fix', cases.length);
  // In new processes, as in those that Lambda starts: one that runs on keeps a policy for some seconds.
  const twice = await perform(cases, theatre, 2, ([first]) => first && showFixed(first));
  const fixed = twice.flatMap(([first]) => first ?? []);
  const again = twice.flatMap(([, second]) => second ?? []);
  const afterFixing = await lookAtAll(cases, world, fixing);

  const summary = summarize(fixed, ({ of }) => deployed(of.rule).memory);
  show.summary(summary);

  const example =
    fixed.find(({ of }) => of.piece.control === exemplary && isViolation(of.piece)) ?? fixed.find(({ of }) => isViolation(of.piece));
  if (!example) throw new Error('Nothing was fixed: there is no trail to read, and nothing to roll back.');
  const trail = await readTrail(example, dynamo, logTable);
  show.trail(trail);

  const undone = await revertOwnPart(example, before.get(example.of) ?? 'gone', {
    world,
    policy: fixing,
    ...recordsOf(example.of.rule.id),
    tell: publishOutcome(eventBridgePublisher(account.client(EventBridgeClient), names.bus, systemClock), async () => fixing),
  });
  show.rollback(undone);

  const { decided, ticket } = await letPeopleDecide(stage, world, {
    async publish(given) {
      await policy.deploy(given, 'Exports and statements require an approval.');
      await copyPolicy(account, gateway, deployment);
    },
    async recordOf(rule, remediation) {
      const found = await findRecord(dynamo, logTable, { rule, remediation }, 'deployed');
      return found !== 'none' && 'record' in found ? found.record : { events: [], breaks: ['The log has no such remediation.'] };
    },
  });
  show.decided(decided);
  show.ticket(ticket);
  const responses = await respond(stage, world);
  show.responses(responses);
  const patched = await patch(stage, world);
  show.patch(patched);

  const covered = await readCases(stage, cases);

  const checks = await checkAll({
    rules,
    covered,
    decided,
    ticket,
    responses,
    patched,
    observed,
    fixed,
    again,
    before,
    afterObserving,
    afterFixing,
    undone,
    gateway,
    world,
  });
  const seconds = (performance.now() - started) / 1000;
  show.checks(checks, seconds);
  return documentOf({
    seconds: Math.round(seconds * 10) / 10,
    rules: rules.map(({ id }) => id),
    shown: shown.map(({ id }) => id),
    observed,
    fixed,
    again,
    summary,
    trail,
    undone,
    decided,
    ticket,
    responses,
    patched,
    covered,
    checks,
  });
}

/** In the order of the account, all of one rule together. */
function sortedByRule(cases: readonly Case[]): readonly Case[] {
  const rules = [...new Set(cases.map(({ rule }) => rule))];
  return rules.flatMap((rule) => cases.filter((one) => one.rule === rule));
}
