import { type Place, type Rule, toArray } from '../../../../rules/rule';
import type { Reading } from '../../../findings/finding';
import { quote } from '../../../untrusted-text';
import { findingsOf, type ServiceFinding } from '../../service-finding';
import type { Imported } from './imported';
import { isOf, named } from './named';
import { evidenceOf, threatened } from './threatened';
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
