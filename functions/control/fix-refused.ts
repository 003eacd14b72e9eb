import type { Rule } from '../../rules/rule';
import type { Envelope } from '../sources/envelope';
import { readEvent } from '../sources/read-event';
import { controlFindingShape, originOf, originShape } from '../sources/security-hub/asff';
import { controlOf } from '../sources/security-hub/control-id';
import { placeOf } from '../sources/security-hub/origin';
import { check, reference } from '../sources/shape';
import { quote, sanitize } from '../untrusted-text';
import type { About } from './order-request';
import type { ControlPorts } from './ports';
import { type RefusalCode, type Reply, refuse } from './reply';

interface Refused {
  readonly refusal: Reply;
  readonly about?: About;
}

/**
 * Why no rule fixes a finding for which an operator chose the custom action; undefined if one does. The functions of the rules read the same
 * event with the same code, so a finding is either handled there or answered here.
 */
export function fixRefused(finding: unknown, envelope: Envelope, { rules, central }: ControlPorts): Refused | undefined {
  const at = 'detail.findings[0]';
  const scope = { centralAccount: central.account };
  const origin = check(originShape, finding, at);
  if ('problem' in origin) return { refusal: refuse('invalid', 'malformed-event', origin.problem) };
  const place = placeOf(originOf(origin.value, at), envelope, scope);
  if ('problem' in place) return { refusal: refuse('invalid', place.code, place.problem) };
  const content = check(controlFindingShape, finding, at);
  const about: About = { ...place, finding: origin.value.Id, source: 'security-hub-custom-action' };
  if ('problem' in content) return { refusal: refuse('invalid', 'malformed-event', content.problem), about };
  const named = controlOf(content.value);
  if ('problem' in named) return { refusal: refuse('invalid', 'contradictory-event', `${at}: ${named.problem}`), about };
  const { control } = named;
  const able = [...rules.values()].filter(({ detectedBy }) => control !== undefined && detectedBy.securityHub.includes(control));
  const [resource] = content.value.Resources;
  const known: About = {
    ...about,
    detectedBy: control ?? 'none',
    ...(resource && reference.safeParse(resource.Id).success && { resource: resource.Id, resourceType: sanitize(resource.Type) }),
  };
  const [first] = able;
  if (!first)
    return {
      refusal: refuse('invalid', 'other-control', `No deployed rule fixes findings of the control ${quote(control)}.`),
      about: known,
    };
  return refusedByAll(able, { ...envelope, detail: { ...(envelope.detail as object), findings: [finding] } }, scope, {
    ...known,
    rule: first.id,
  });
}

function refusedByAll(
  able: readonly Rule[],
  event: unknown,
  scope: { readonly centralAccount: string },
  about: About,
): Refused | undefined {
  const readings = able.map((rule) => readEvent(rule, event, scope));
  if (readings.some(({ findings }) => findings.length > 0)) return undefined;
  const [refusal] = readings.flatMap(({ refusals }) => refusals);
  if (!refusal) return undefined;
  return { refusal: refuse('invalid', refusal.code as RefusalCode, refusal.reason), about };
}
