import { hashJson } from '../../functions/canonical-json';
import { chain } from '../../functions/log/chain';
import type { EventInput, LogEvent, Subject, Times } from '../../functions/log/event';
import { type Trail, trailKey } from '../../functions/log/trail';
import type { Moment, Script } from './script';

/** A trail as the log holds it. */
export interface MadeTrail {
  readonly trail: Trail;
  readonly key: string;
  readonly events: readonly LogEvent[];
}

/** The events of a script, chained as the functions chain them: one trail for each writer. */
export function trailsOf(script: Script): readonly MadeTrail[] {
  const { remediation, rule } = script;
  return (['rule', 'control'] as const).flatMap((by) => {
    const moments = script.moments.filter((moment) => moment.by === by);
    if (moments.length === 0) return [];
    const trail: Trail = { by, rule, remediation };
    const events: LogEvent[] = [];
    for (const moment of moments) events.push(chain(subjectOf(script), events.at(-1), inputOf(moment, script), new Date(moment.at)));
    return [{ trail, key: trailKey(trail), events }];
  });
}

const subjectOf = ({ remediation, rule, finding, source, detectedBy, account, region, resource, resourceType }: Script): Subject => ({
  remediation,
  rule,
  version: '1.0.0',
  finding,
  source,
  detectedBy,
  partition: 'aws',
  account,
  region,
  resource,
  resourceType,
});

const iso = (time: number): string => new Date(time).toISOString();

function inputOf(moment: Moment, script: Script): EventInput {
  const { kind, outcome, code, person, until, policy, by } = moment;
  const isChange = kind === 'planned' || kind === 'observed' || kind === 'approval-requested';
  return {
    kind,
    reason: `The generator says ${kind}${outcome === undefined ? '' : ` (${outcome})`} of ${script.resource.slice(0, 200)}.`,
    actor: person !== undefined && kind !== 'planned' ? person : `arn:aws:iam::123456789012:role/posture-function-${script.rule}`,
    ...(outcome !== undefined && { outcome }),
    ...(code !== undefined && { code }),
    ...(until !== undefined && { until: iso(until) }),
    ...(moment.deadline !== undefined && { deadline: { at: iso(moment.deadline), action: 'escalate' as const } }),
    ...(by === 'rule' && script.owner !== undefined && { owner: script.owner }),
    ...(by === 'rule' && script.occurrence !== undefined && { occurrence: { as: script.occurrence } }),
    ...(kind === 'planned' && person !== undefined && { approvedBy: person }),
    ...(policy !== undefined && { after: { version: String(policy), hash: hashJson(policy), policy: {} } }),
    ...(outcome === 'exempt' && { decision: ['mode: fix', `exemption: ${tagText} -> skip`] }),
    ...(outcome === 'suppressed' && { decision: [`suppression: ${suppressedText} -> skip`] }),
    ...(isChange && { changes: [changeOf(script)], before: { enabled: false }, decision: ['mode: fix', 'risk: safe'] }),
    ...(kind === 'verified' && { before: { enabled: false }, after: { enabled: true }, effects: ['accepted'] as const }),
    ...(by === 'rule' && { times: timesOf(moment, script) }),
  };
}

/** What exempts a resource, in the words of the decision path. */
export const tagText = 'the tag posture:exempt names this rule';
export const suppressedText = 'the finding is SUPPRESSED in Security Hub';

export const changeOf = ({ resource }: Pick<Script, 'resource'>) => {
  const call = (Enabled: boolean) => ({ service: 's3', operation: 'PutBucketVersioning', input: { Resource: resource, Enabled } });
  return { do: call(true), undo: call(false) };
};

function timesOf({ times = {} }: Moment, { occurred, detected, received }: Script): Times {
  const { decided, applied, verified } = times;
  return {
    ...(occurred !== undefined && { occurred: iso(occurred) }),
    detected: iso(detected),
    received: iso(received),
    ...(decided !== undefined && { decided: iso(decided) }),
    ...(applied !== undefined && { applied: iso(applied) }),
    ...(verified !== undefined && { verified: iso(verified) }),
  };
}
