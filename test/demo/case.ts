import type { Finding } from '../../functions/findings/finding';
import { identify } from '../../functions/findings/identify';
import { readEvent } from '../../functions/sources/read-event';
import { notFound, type Resource, type Rule } from '../../rules/rule';
import type { World } from '../contract/scenario';
import { matches } from '../emulator/event-pattern';
import type { Past } from '../emulator/gateway/past';
import type { ReportedResource } from '../events/resources';
import type { Piece } from './account/piece';
import { reportOf } from './report';

/** A rule, and the patterns of its routes in the synthesized templates. */
export interface Route {
  readonly rule: Rule;
  readonly patterns: readonly object[];
}

/** A piece of the account as it was made, its report, and the rule to which that goes. */
export interface Case {
  readonly piece: Piece;
  readonly reported: ReportedResource;
  readonly event: object;
  readonly rule: Rule;
  readonly resource: Resource | typeof notFound;
}

/** Makes the piece and its report, and routes that. Throws unless it goes to exactly one rule. */
export async function openCase(piece: Piece, home: World, past: Past, routes: readonly Route[]): Promise<Case> {
  const world = piece.region === undefined ? home : home.in(piece.region);
  const reported = await piece.resource(world, past);
  const event = reportOf(piece, reported, world, home);
  const met = routes.filter(({ patterns }) => patterns.some((pattern) => matches(pattern, event))).map(({ rule }) => rule);
  // A route that matches by the prefix of a name may ignore the event: the adapter is exact.
  const found = met.flatMap((rule) =>
    readEvent(rule, event, { centralAccount: home.account }).findings.map((finding) => ({ rule, finding })),
  );
  const [first, ...others] = found;
  if (!first || others.length > 0) {
    const taken = found.map(({ rule }) => rule.id).join(', ') || 'none';
    throw new Error(`The report of ${piece.control} on ${reported.arn} goes to ${taken}; exactly one rule has to take it.`);
  }
  return { piece, reported, event, rule: first.rule, resource: await resourceOf(first.finding, world) };
}

/** The resource of the finding. Throws if nobody can tell it. */
async function resourceOf(finding: Finding, world: World): Promise<Resource | typeof notFound> {
  const resource = await identify(finding, world);
  if (resource !== notFound && 'unfixable' in resource) throw new Error(resource.unfixable);
  return resource;
}
