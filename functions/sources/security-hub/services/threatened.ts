import type { Evidence, ResourceKind } from '../../../../rules/rule';
import type { ServiceFinding } from '../../service-finding';
import type { Imported, ImportedPrincipal } from './imported';
import { named } from './named';

const partsOfInstance = ['instance', 'volume', 'networkinterface', 'securitygroup', 'subnet', 'vpc'].map((name) => `awsec2${name}`);

/**
 * Of which resources a finding of GuardDuty is. A container or a cluster stands beside the instance on which it runs, which runs others, too, and
 * is not what was compromised; so does an access key that was taken from it.
 */
export function threatened(kinds: readonly ResourceKind[], imported: Imported): ServiceFinding['resources'] {
  const { resources, types } = imported;
  const isSequence = types.some((type) => type.split('/').some((part) => part.startsWith('AttackSequence:')));
  const isOfInstance = isSequence || resources.every(({ type }) => partsOfInstance.includes(type));
  const { name, type = '' } = principalIn(imported);
  const principal = (types: readonly string[]) => ({
    ids: name !== undefined && types.includes(type) ? [name] : [],
    at: resources.find((one) => one.principal)?.at ?? '',
  });
  return {
    ...named(kinds, imported),
    ...(!isOfInstance && { 'AWS::EC2::Instance': undefined }),
    'AWS::IAM::User': principal(['IAMUser']),
    'AWS::IAM::Role': principal(['AssumedRole', 'Role']),
  };
}

/** With several principals, nobody can tell whom to contain; with several keys of one, not which key. */
function principalIn({ resources }: Imported): ImportedPrincipal {
  const all = resources.flatMap(({ principal }) => principal ?? []);
  const [first] = all;
  if (!first || !all.every(({ name, type }) => name === first.name && type === first.type)) return {};
  const only = (texts: readonly (string | undefined)[]) => (new Set(texts).size === 1 ? texts[0] : undefined);
  return {
    name: first.name,
    type: first.type,
    principalId: only(all.map(({ principalId }) => principalId)),
    accessKeyId: only(all.map(({ accessKeyId }) => accessKeyId)),
  };
}

/** What a response decides by whom to contain with. */
export function evidenceOf(imported: Imported): Evidence {
  const { accessKeyId, principalId } = principalIn(imported);
  const { remoteAddress, lastSeenAt } = imported;
  return {
    ...(accessKeyId !== undefined && { accessKeyId }),
    ...(principalId !== undefined && { principalId }),
    ...(remoteAddress !== undefined && { remoteAddress }),
    lastSeenAt,
  };
}
