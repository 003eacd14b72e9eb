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
  /** Left out, the detector tells nothing of its parameters. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly policy?: Readonly<Record<string, Json>> | undefined;
}

/** What the rule would send, or the code of what keeps it from that. */
function planned({ rule: id, detectedBy, parameters, policy = {} }: Told, state: Json): string {
  const rule = ruleOf(id);
  const judged = judgeParameters(rule, policy, { detectedBy, ...(parameters && { parameters }) });
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

describe.each(directions.map((one) => [`${one.rule} by ${one.detectedBy}`, one] as const))('%s, compared with the default', (_, one) => {
  const { rule, detectedBy, policy } = one;
  const states = [one.state, ...(one.also === undefined ? [] : [one.also])];
  const isAsByDefault = (direction: 'stricter' | 'weaker') =>
    states.every((state) => {
      const told = { rule, detectedBy, policy };
      return planned({ ...told, parameters: one[direction][0] }, state) === planned(told, state);
    });

  it.each(['stricter', 'weaker'] as const)('plans otherwise by what is %s, unless no text is', (direction) => {
    expect(isAsByDefault(direction)).toBe(one.none?.[direction] !== undefined);
  });

  it('has another misconfiguration only where the first does not show both', () => {
    const same =
      one.also !== undefined &&
      (['stricter', 'weaker'] as const).some((direction) => {
        const told = { rule, detectedBy, policy };
        return planned({ ...told, parameters: one[direction][0] }, one.state) === planned(told, one.state);
      });
    expect(same).toBe(one.also !== undefined);
  });
});

const settingRules = [...rules.values()].filter(({ detectorParameters = {} }) =>
  Object.values(detectorParameters).some((one) => Object.values(one).some((parameter) => 'sets' in parameter)),
);

/** Each parameter that no parameter of the rule follows, by its detector. */
const unfollowed = [...rules.values()].flatMap((rule) =>
  Object.entries(rule.detectorParameters ?? {}).flatMap(([detectedBy, known]) =>
    Object.entries(known).flatMap(([name, parameter]) => ('sets' in parameter ? [] : [{ rule, detectedBy, name, parameter }])),
  ),
);

describe.each(unfollowed.map((one) => [one.name, one.detectedBy, one] as const))('the parameter %s of %s', (name, detectedBy, one) => {
  const { rule, parameter } = one;
  const problemWith = (text: string) => {
    const { policy = {} } = directions.find((other) => other.rule === rule.id) ?? {};
    const judged = judgeParameters(rule, policy, { detectedBy, parameters: { [name]: text } });
    return 'code' in judged && judged.code.startsWith('detector-') ? judged.code : undefined;
  };
  const met = 'except' in parameter ? (parameter.except ?? []) : [];

  it('is followed where it asks for what the rule does, and for nothing', () => {
    for (const text of ['', ...met]) expect(problemWith(text)).toBeUndefined();
  });

  it('is refused where it asks for anything else, unless it does not matter', () => {
    for (const text of ['7', 'anything', 'true,false'])
      expect([text, problemWith(text)]).toEqual([text, 'irrelevant' in parameter ? undefined : 'detector-parameter-unmappable']);
  });
});

it('judges each rule with parameters of a detector by one of these', () => {
  const judged = [...directions.map(({ rule }) => rule), ...unfollowed.map(({ rule }) => rule.id)];
  const having = [...rules.values()].filter(({ detectorParameters = {} }) =>
    Object.values(detectorParameters).some((known) => Object.keys(known).length > 0),
  );
  expect(having.map(({ id }) => id).filter((id) => !judged.includes(id))).toEqual([]);
  expect(having.length).toBeGreaterThan(30);
});

it('has both directions for each rule with a parameter that a detector sets', () => {
  expect(settingRules.map(({ id }) => id).toSorted()).toEqual([...new Set(directions.map(({ rule }) => rule))].toSorted());
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
