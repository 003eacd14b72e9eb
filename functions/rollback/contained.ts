import type { Resource } from '../../rules/rule';
import { releaseCommand } from '../coordination/containment';
import { leaseKey } from '../coordination/lease-key';
import { RollbackImpossible } from './codes';
import type { RollbackPorts } from './ports';
import type { Fix } from './read-fix';

interface OnResource extends Pick<RollbackPorts, 'rule' | 'store'> {
  readonly resource: Resource;
}

/** What a response contains, only a response changes, also back. One that was begun goes on after the release; any other is refused. */
export async function checkContained({ rule, store, resource, fix }: OnResource & { readonly fix: Pick<Fix, 'begun'> }): Promise<void> {
  if (rule.response) return;
  const [first] = await store.containments(leaseKey(rule, resource));
  if (!first) return;
  const then = fix.begun ? 'It continues by itself after the release' : 'Release it first, or wait for the release';
  throw new RollbackImpossible(
    `The resource is contained by ${first.rule}. ${then}: \`${releaseCommand(first)}\`.`,
    'contained',
    fix.begun,
  );
}

/** The rollback of a response, which a person requested, releases the resource. */
export async function endContainment({ rule, store, resource, remediation }: OnResource & { readonly remediation: string }): Promise<void> {
  if (rule.response) await store.endContainment(leaseKey(rule, resource), { rule: rule.id, remediation });
}
