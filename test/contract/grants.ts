import { expandArn } from '../../functions/aws/arn';
import { type Call, callOf } from '../../functions/aws/call';
import { readSource } from '../../infra/member/source-grants';
import { type Grant, type Place, type Resource, type Rule, toArray } from '../../rules/rule';
import { like } from '../emulator/gateway/permissions/wildcard';
import { iamActionOf } from '../emulator/iam-action';
import { dependentOn } from './dependent-permissions';
import type { Scenario } from './scenario';
import { type Touched, touchedBy } from './touched-arns';

/** A call, and where it is sent. */
export interface SentCall extends Call {
  readonly place: Place;
}

/** What a look may call, and what a fix may. */
export function grantsOf(rule: Rule, phase: 'inspect' | 'change'): readonly Grant[] {
  const kinds = toArray(rule.resource).flatMap(({ permissions = [] }) => permissions);
  const inspect = [...toArray(rule.permissions.inspect), ...kinds];
  return phase === 'inspect' ? inspect : [...inspect, ...toArray(rule.permissions.change)];
}

/** The same, and what each member role may read to decide on a plan: what people said about the finding. */
const heldIn = (rule: Rule, phase: 'inspect' | 'decide' | 'change'): readonly Grant[] => [
  ...grantsOf(rule, phase === 'change' ? 'change' : 'inspect'),
  ...(phase === 'inspect' ? [] : readSource(rule)),
];

/** Every call is one that the rule's member role may make in the phase. */
export function expectGranted(rule: Rule, calls: readonly Call[], phase: 'inspect' | 'decide' | 'change'): void {
  const granted = heldIn(rule, phase).flatMap(({ actions }) => actions);
  const undeclared = calls.map(iamActionOf).filter((action) => !granted.includes(action));
  expect(undeclared).toEqual([]);
}

/** What a call needs: its action, or one that AWS asks for beside it, on ARNs in the place where it was sent. */
export interface Need extends Touched {
  readonly place: Place;
}

/** What the calls need, each need once. `resourceIn` gives the resource under test of an account. */
export async function needsOf(
  rule: Rule,
  calls: readonly SentCall[],
  resourceIn: (account: string) => Resource | undefined,
  { touches = {} }: Pick<Scenario, 'touches'>,
): Promise<readonly Need[]> {
  const held = grantsOf(rule, 'change').flatMap(({ actions }) => actions);
  const needs = new Map<string, Need>();
  for (const call of new Map(calls.map((sent) => [JSON.stringify(sent), sent])).values()) {
    const { partition, account, region } = call.place;
    const place = { partition, account, region };
    const own = told(iamActionOf(call), place) ?? (await touchedBy(call, place, resourceIn(place.account)));
    for (const touched of [own, ...(await dependentOn(call, own, held, place))]) {
      const need = { ...(told(touched.action, place) ?? touched), place };
      needs.set(JSON.stringify(need), need);
    }
  }
  return [...needs.values()];

  function told(action: string, place: Place): Touched | undefined {
    const arns = touches[action];
    return arns === undefined ? undefined : { action, arns: toArray(arns).map((arn) => expandArn(arn, place)), among: 'all' };
  }
}

/** The needs that no grant covers, in words. */
export function uncovered(rule: Rule, needs: readonly Need[]): readonly string[] {
  const grants = heldIn(rule, 'change');
  return needs.flatMap(({ action, arns, among, place }) => {
    const held = grants.filter(({ actions }) => actions.includes(action)).flatMap(({ on }) => toArray(on));
    const outside = arns.filter((arn) => !held.some((on) => like(expandArn(on, place), arn)));
    if (outside.length === 0 || (among === 'any' && outside.length < arns.length)) return [];
    const where = held.length > 0 ? `on ${held.join(' and ')} alone` : 'nowhere';
    return [
      `${action} is called on ${outside.join(among === 'all' ? ' and ' : ' or ')}, and held ${where}. Mend the grant; or, where the call acts on another resource than its input tells, name that in \`touches\` of the scenario.`,
    ];
  });
}

/** Every declared action, ARN of a grant and command class was used or planned in some test of the rule, but for those that the scenario says can't be. */
export function expectUsed(
  rule: Rule,
  calls: readonly Call[],
  needs: readonly Need[],
  { unexercised = {}, touches = {} }: Pick<Scenario, 'unexercised' | 'touches'>,
): void {
  const used = new Set(needs.map(({ action }) => action));
  const declared = grantsOf(rule, 'change').flatMap(({ actions }) => actions);
  const parts = [
    ...declared.map((action) => ({ name: action, isUsed: used.has(action) })),
    ...partsOf(rule, needs).filter(({ action }) => used.has(action)),
  ];
  expect(parts.filter(({ name, isUsed }) => !isUsed && !Object.hasOwn(unexercised, name)).map(({ name }) => name)).toEqual([]);
  expect(parts.filter(({ name, isUsed }) => isUsed && Object.hasOwn(unexercised, name)).map(({ name }) => name)).toEqual([]);
  expect(Object.keys(touches).filter((action) => !used.has(action))).toEqual([]);
  const sent = new Set(calls.map(({ service, operation }) => `${service}:${operation}`));
  const classes = rule.commands.map((Command) => callOf(new Command({}))).map(({ service, operation }) => `${service}:${operation}`);
  expect(classes.filter((name) => !sent.has(name) && !Object.hasOwn(unexercised, name))).toEqual([]);
}

/** Each action on each ARN that it is held on: `s3:GetBucketAcl on arn:{partition}:s3:::*`. Of fixed names, one of a sort stands for all. */
function partsOf(rule: Rule, needs: readonly Need[]) {
  const parts = grantsOf(rule, 'change').flatMap(({ actions, on }) =>
    actions.flatMap((action) => toArray(on).map((arn) => ({ action, arn }))),
  );
  const sortOf = ({ action, arn }: (typeof parts)[number]) => `${action} ${arn.endsWith('*') ? arn : arn.replace(/[^:/]*$/, '')}`;
  const isTouched = (part: (typeof parts)[number]) =>
    needs.some(({ action, arns, place }) => action === part.action && arns.some((arn) => like(expandArn(part.arn, place), arn)));
  const touched = new Set(parts.filter(isTouched).map(sortOf));
  return parts.map((part) => ({ action: part.action, name: `${part.action} on ${part.arn}`, isUsed: touched.has(sortOf(part)) }));
}
