import { type AwsCommand, type Grant, notFound, type Permission, type Place, type Resource, type Rule, toArray } from '../../rules/rule';
import { callOf } from '../aws/call';
import type { Connection } from '../aws/connection';
import { describe, isAccessDenied, isErrorLike } from '../aws/error';
import type { Clock } from '../clock';
import { maxChecks, type RecordedDrill } from '../coordination/drill';
import { identify } from '../findings/identify';
import { sanitize } from '../untrusted-text';
import type { DrillMessage } from './message';

export interface DrillPorts {
  readonly rule: Rule;
  /** A connection with the role of the rule in the account. */
  readonly connect: (place: Place) => Connection;
  /** The ARN of that role. */
  readonly roleIn: (place: Place) => string;
  readonly record: (drill: RecordedDrill) => Promise<void>;
  readonly clock: Clock;
}

/**
 * Asks AWS whether the response could be carried out in an account, and records the answers: assumes the role of the rule, simulates what the rule may
 * do, and, where a resource is named, inspects it and has AWS check the requests. Changes nothing.
 */
export async function drill(message: DrillMessage, ports: DrillPorts): Promise<RecordedDrill> {
  const { rule, clock, record } = ports;
  const { place, resource, requestedBy } = message;
  const checks = await checksOf(message, ports);
  const done: RecordedDrill = {
    rule: rule.id,
    account: place.account,
    region: place.region,
    at: clock.now().toISOString(),
    requestedBy,
    ...(resource !== undefined && { resource }),
    ...countsOf(checks),
    // What is not allowed is what people have to read.
    checks: checks.toSorted((a, b) => Number(a.verdict === 'allowed') - Number(b.verdict === 'allowed')).slice(0, maxChecks),
  };
  await record(done);
  return done;
}

const countsOf = (checks: readonly Permission[]) => {
  const count = (verdict: Permission['verdict']) => checks.filter((one) => one.verdict === verdict).length;
  return { allowed: count('allowed'), denied: count('denied'), unknown: count('unknown') };
};

async function checksOf({ place, resource }: DrillMessage, { rule, connect, roleIn }: DrillPorts): Promise<readonly Permission[]> {
  const { drill: asked } = rule;
  if (!asked) return [{ action: 'drill', on: '*', verdict: 'unknown', why: `The rule ${rule.id} can not be drilled.` }];
  const aws = connect(place);
  const role = roleIn(place);
  const grants = grantsOf(rule);
  const simulated = await asked
    .permits(grants, role, place, aws)
    .catch((error: unknown) => [failed('iam:SimulatePrincipalPolicy', role, error)]);
  if (resource === undefined) return simulated;
  return [...simulated, ...(await rehearsed(resource, place, rule, aws))];
}

const grantsOf = ({ permissions: { inspect, change } }: Rule): readonly Grant[] => [...toArray(inspect), ...toArray(change)];

/** Inspects the resource, and has AWS check requests for it. */
async function rehearsed(arn: string, place: Place, rule: Rule, aws: Connection): Promise<readonly Permission[]> {
  const inspecting = (verdict: Permission['verdict'], why?: string): Permission => ({
    action: 'inspect',
    on: arn,
    verdict,
    ...(why !== undefined && { why }),
  });
  try {
    const resource = await resourceOf(arn, place, rule, aws);
    if (typeof resource === 'string') return [inspecting('unknown', resource)];
    const state = await rule.inspect(resource, aws, rule.parameters?.safeParse({}).data);
    if (state === notFound) return [inspecting('unknown', 'The resource does not exist.')];
    const commands = rule.drill?.dryRuns?.(resource, state) ?? [];
    const checked: Permission[] = [];
    for (const command of commands) checked.push(await dryRun(command, arn, aws));
    return [inspecting('allowed'), ...checked];
  } catch (error) {
    return [failed('inspect', arn, error)];
  }
}

async function resourceOf(arn: string, place: Place, rule: Rule, aws: Connection): Promise<Resource | string> {
  for (const kind of toArray(rule.resource)) {
    const found = await identify({ ...place, resource: { kind, reported: { arn } } }, aws);
    if (found === notFound) return 'The resource does not exist.';
    if (!('unfixable' in found)) return found;
  }
  return `It is not a resource of ${rule.id}.`;
}

/** The error by which EC2 says that it would have carried out the request. */
const wouldHave = 'DryRunOperation';

async function dryRun(command: AwsCommand, on: string, aws: Connection): Promise<Permission> {
  const { service, operation } = callOf(command);
  const action = `${service}:${operation}`;
  try {
    await aws.send(command);
    return { action, on, verdict: 'unknown', why: 'AWS did not treat the request as a dry run.' };
  } catch (error) {
    return isErrorLike(error) && error.name === wouldHave ? { action, on, verdict: 'allowed' } : failed(action, on, error);
  }
}

const failed = (action: string, on: string, error: unknown): Permission => ({
  action,
  on,
  verdict: isAccessDenied(error) ? 'denied' : 'unknown',
  why: sanitize(describe(error), 300),
});
