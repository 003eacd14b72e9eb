import { loadRules } from '../../functions/catalogue/catalogue';
import { isChanges } from '../../functions/plan/change';
import { judgeParameters } from '../../functions/policy/judge-parameters';
import type { Json, Resource, Rule } from '../../rules/rule';
import * as fc from '../fast-check';
import { directions, now } from './detector-directions';

const rules = new Map(loadRules().map(({ rule }) => [rule.id, rule]));
const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
const ruleOf = (id: string): Rule => {
  const rule = rules.get(id);
  if (!rule) throw new Error(`No rule ${id}.`);
  return rule;
};

interface Told {
  readonly rule: string;
  readonly detectedBy: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly policy?: Readonly<Record<string, Json>> | undefined;
}

/** What the rule would send, or the code of what keeps it from that. */
function planned({ rule: id, detectedBy, parameters, policy = {} }: Told, state: Json): string {
  const rule = ruleOf(id);
  const judged = judgeParameters(rule, policy, { detectedBy, parameters });
  if (!('parameters' in judged)) return judged.code;
  const resource: Resource = { ...place, type: 'any', id: 'orders', arn: 'arn:aws:any:eu-west-1:111122223333:orders' };
  const plan = rule.plan(resource, state, { parameters: judged.parameters, demanded: judged.demanded, detectedBy, now });
  return isChanges(plan) ? JSON.stringify(plan.map((change) => change.do.input)) : plan.code;
}

describe.each(directions.map((one) => [`${one.rule} by ${one.detectedBy}`, one] as const))('%s', (_, one) => {
  const { rule, detectedBy, policy, state } = one;

  it.each(['stricter', 'weaker'] as const)('follows what is %s', (direction) => {
    const [parameters, expected] = one[direction];
    const text = planned({ rule, detectedBy, policy, parameters }, state);
    if (expected === '[]') expect(text).toBe(expected);
    else expect(text).toContain(expected);
  });

  it('plans otherwise by the one than by the other', () => {
    const [stricter, weaker] = [one.stricter[0], one.weaker[0]];
    expect(planned({ rule, detectedBy, policy, parameters: stricter }, state)).not.toBe(
      planned({ rule, detectedBy, policy, parameters: weaker }, state),
    );
  });
});

it('has both directions for each rule with a parameter that a detector sets', () => {
  const setting = [...rules.values()].filter(({ detectorParameters = {} }) =>
    Object.values(detectorParameters).some((one) => Object.values(one).some((parameter) => 'sets' in parameter)),
  );
  expect(setting.map(({ id }) => id).toSorted()).toEqual([...new Set(directions.map(({ rule }) => rule))].toSorted());
});

describe('two detectors of one resource that differ', () => {
  const days = fc.integer({ min: 1, max: 35 });

  it.each([
    ['rds-instance-backups-kept', 'RDS.11', 'backupRetentionMinimum'],
    ['redshift-cluster-snapshots-automatic', 'Redshift.3', 'MinRetentionPeriod'],
    ['elasticache-backups-automatic', 'ElastiCache.1', 'snapshotRetentionPeriod'],
  ])('never change %s back and forth', (rule, detectedBy, name) => {
    const fixed = (state: number, demanded: number): number => {
      const text = planned({ rule, detectedBy, parameters: { [name]: String(demanded) } }, { days: state });
      return text === '[]' ? state : Number(/"\w*Retention\w*":(\d+)/.exec(text)?.[1]);
    };
    fc.assert(
      fc.property(days, days, days, (start, a, b) => {
        const once = fixed(fixed(start, a), b);
        expect(once).toBe(Math.max(start, a, b));
        expect(fixed(fixed(once, a), b)).toBe(once);
      }),
    );
  });

  it('never close and open ports in turn', () => {
    const some = fc.uniqueArray(fc.constantFrom(22, 80, 443, 8443, 9000), { maxLength: 5 });
    const fixed = (open: readonly number[], authorized: readonly number[]): readonly number[] => {
      const ranges = open.map((port) => ({ protocol: 'tcp', from: port, to: port, ipv4: '0.0.0.0/0', tags: {} }));
      const told = { rule: 'ec2-security-group-open-ports-authorized', detectedBy: 'EC2.18' };
      const text = planned({ ...told, parameters: { authorizedTcpPorts: authorized.join(',') } }, { owner: place.account, ranges });
      const closed = [...text.matchAll(/"FromPort":(\d+)/g)].map(([, port]) => Number(port));
      return open.filter((port) => !closed.includes(port));
    };
    fc.assert(
      fc.property(some, some, some, (start, a, b) => {
        const once = fixed(fixed(start, a), b);
        expect(once).toEqual(start.filter((port) => a.includes(port) && b.includes(port)));
        expect(fixed(fixed(once, a), b)).toEqual(once);
      }),
    );
  });
});
