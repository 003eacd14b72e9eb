import { type Evidence, type Place, type ResourceKind, type Rule, toArray } from '../../../../rules/rule';
import type { Reading } from '../../../findings/finding';
import { quote } from '../../../untrusted-text';
import { findingsOf, type ServiceFinding } from '../../service-finding';
import type { Imported, ImportedPrincipal } from './imported';
import { typeNamed } from './types';

export type ServiceRule = Pick<Rule, 'detectedBy' | 'resource'> & Partial<Pick<Rule, 'response'>>;

type Judged = Pick<ServiceFinding, 'type' | 'handled' | 'idle' | 'resources'>;

/** The findings for the rule in a finding of a service: the same ones that an event of the service itself would lead to. */
export function findingsOfService(rule: ServiceRule, imported: Imported, place: Place): Reading {
  const { service, id, detectedAt, sentAt, occurrence, hub } = imported;
  const { findings, refusals } = findingsOf(
    rule,
    {
      source: service,
      id,
      detectedAt,
      sentAt,
      ...judges[service](rule, imported, place),
      ...(service === 'guardduty' && occurrence && { occurrence }),
      ...(service === 'guardduty' && rule.response && { evidence: evidenceOf(imported) }),
    },
    place,
  );
  return { findings: findings.map((finding) => ({ ...finding, ...hub })), refusals };
}

const judges: Readonly<Record<Imported['service'], (rule: ServiceRule, imported: Imported, place: Place) => Judged>> = {
  guardduty({ detectedBy, resource }, imported, { account }) {
    const threats = toArray(detectedBy.guardDuty ?? []);
    const handled = threats.flatMap(({ types }) => types);
    const type = typeNamed(imported.types, handled);
    const wanted = threats.find(({ types }) => type !== undefined && types.includes(type))?.resourceRole;
    const otherRole: Judged['idle'] =
      wanted === undefined || imported.role === wanted
        ? undefined
        : {
            code: 'other-finding-type',
            reason: `The role of the resource in the finding is ${quote(imported.role)}. This rule handles only findings in which it is ${wanted}.`,
          };
    return {
      type: type ?? imported.types[0] ?? '',
      handled,
      idle: imported.idle ?? otherRole,
      resources: {
        ...threatened(toArray(resource), imported),
        'AWS::::Account': { ids: [`AWS::::Account:${account}`], at: 'the account' },
      },
    };
  },

  inspector({ detectedBy, resource }, imported) {
    const { types = [], severities = [] } = detectedBy.inspector ?? {};
    // What else Inspector reports has other names in the taxonomy: network reachability, code.
    const isVulnerability = imported.types.some((type) => type.endsWith('/Vulnerabilities/CVE'));
    const isInstance = imported.resources.every(({ type }) => type === 'awsec2instance');
    const type = isVulnerability && isInstance ? 'PACKAGE_VULNERABILITY/AWS_EC2_INSTANCE' : (imported.types[0] ?? '');
    return {
      type,
      handled: types,
      idle: imported.idle ?? unpatchable(imported, severities),
      resources: named(toArray(resource), imported),
    };
  },

  macie({ detectedBy: { macie = [] }, resource }, imported) {
    const type = typeNamed(imported.types, macie);
    return { type: type ?? imported.types[0] ?? '', handled: macie, idle: imported.idle, resources: named(toArray(resource), imported) };
  },

  'access-analyzer'({ detectedBy: { accessAnalyzer = [] }, resource }, imported) {
    const kinds = toArray(resource);
    const isAccess = imported.types.some((type) => type.endsWith('/External Access Granted'));
    const kind = imported.resources.flatMap((one) => kinds.find((each) => isOf(each, one.type)) ?? [])[0];
    const notPublic: Judged['idle'] = imported.isPublic
      ? undefined
      : {
          code: 'not-failed',
          reason: 'The title of the finding does not say "allows public access". The access of a principal that you know may be intended.',
        };
    return {
      type: isAccess && kind ? `PublicAccess/${kind.type}` : (imported.types[0] ?? ''),
      handled: accessAnalyzer,
      idle: imported.idle ?? notPublic,
      resources: named(kinds, imported),
    };
  },
};

function unpatchable({ severity, hasFix, hasSystemPackage }: Imported, severities: readonly string[]): Judged['idle'] {
  if (!severities.some((one) => one === severity))
    return {
      code: 'other-severity',
      reason: `The severity of the finding is ${quote(severity)}. This rule handles ${severities.join(', ')}.`,
    };
  if (!hasFix) return { code: 'no-fix-available', reason: 'No version of the packages fixes the vulnerability.' };
  if (hasSystemPackage) return undefined;
  return {
    code: 'no-system-package',
    reason: 'No package of the finding is of the package manager OS. Systems Manager patches no others, such as those of npm or pip.',
  };
}

const plain = (type: string): string => type.replaceAll(':', '').toLowerCase();

/** Whether Security Hub has this name for the kind, in either format. */
const isOf = ({ type, securityHubType = type }: ResourceKind, said: string): boolean =>
  plain(securityHubType) === said || plain(type) === said;

const named = (kinds: readonly ResourceKind[], { resources }: Imported): ServiceFinding['resources'] =>
  Object.fromEntries(
    kinds.map((kind) => {
      const own = resources.filter(({ type }) => isOf(kind, type));
      return [kind.type, { ids: own.map(({ id }) => id), at: own[0]?.at ?? '' }];
    }),
  );

const partsOfInstance = ['instance', 'volume', 'networkinterface', 'securitygroup', 'subnet', 'vpc'].map((name) => `awsec2${name}`);

/**
 * Of which resources a finding of GuardDuty is. A container or a cluster stands beside the instance on which it runs, which runs others, too, and
 * is not what was compromised; so does an access key that was taken from it.
 */
function threatened(kinds: readonly ResourceKind[], imported: Imported): ServiceFinding['resources'] {
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

function evidenceOf(imported: Imported): Evidence {
  const { accessKeyId, principalId } = principalIn(imported);
  const { remoteAddress, lastSeenAt } = imported;
  return {
    ...(accessKeyId !== undefined && { accessKeyId }),
    ...(principalId !== undefined && { principalId }),
    ...(remoteAddress !== undefined && { remoteAddress }),
    lastSeenAt,
  };
}
