import { prefixesOf } from '../../functions/sources/config/managed-rule';
import { customActionId } from '../../functions/sources/security-hub/custom-action';
import { complianceClass, complianceIds, statusIds } from '../../functions/sources/security-hub/v2/ocsf';
import { detectorsOf, type Threats } from '../../rules/detectors';
import { type Json, type Rule, toArray } from '../../rules/rule';
import { dataFindingInHubs, publicAccessInHub, threatInHubs, vulnerabilityInHubs } from './hub-pattern';

type Pattern = { readonly [key: string]: Json };
type Names = Rule['detectedBy'];

/** The maximum length of an event pattern in EventBridge. */
export const maxLength = 2048;

/**
 * The event patterns of a rule: for failed findings of its Security Hub controls and Config rules, for findings of other services, and for our
 * custom action. If one pattern would be too long, the names are split among several. A resolved or suppressed finding does not match, so our own updates do not return.
 * The name of a Config rule can begin with that of another (see `overlaps`); the adapter matches exactly.
 */
export function eventPatterns({ id, detectedBy }: Pick<Rule, 'id' | 'detectedBy'>): readonly [Pattern, ...Pattern[]] {
  const [first, ...others] = patternsOf(detectedBy);
  if (!first)
    throw new Error(
      `The rule ${id} has no detector. Add a Security Hub control, an AWS Config managed rule or a finding type to its detectedBy.`,
    );
  return [first, ...others];
}

function patternsOf(names: Names): readonly Pattern[] {
  const { securityHub, config, ...services } = names;
  if (detectorsOf(names).length === 0) return [];
  const pattern = patternOf(names);
  if (JSON.stringify(pattern).length <= maxLength) return [pattern];
  if (detectorsOf({ securityHub: [], config: [], ...services }).length > 0)
    return [...patternsOf({ securityHub, config }), ...patternsOfServices(services)];
  if (securityHub.length > 0 && config.length > 0)
    return [...patternsOf({ securityHub, config: [] }), ...patternsOf({ securityHub: [], config })];
  if (securityHub.length + config.length === 1)
    throw new Error(`The event pattern for ${[...securityHub, ...config].join()} exceeds the maximum length of ${maxLength}.`);
  return [0, 1].flatMap((half) => patternsOf({ securityHub: halfOf(securityHub, half), config: halfOf(config, half) }));
}

/** Without controls and Config rules, whose names are the long part. */
function patternsOfServices(services: Omit<Names, 'securityHub' | 'config'>): readonly Pattern[] {
  const pattern = patternOf({ securityHub: [], config: [], ...services });
  if (JSON.stringify(pattern).length <= maxLength) return [pattern];
  const { guardDuty, ...others } = services;
  const threats = toArray(guardDuty ?? []);
  if (threats.flatMap(({ types }) => types).length <= 1)
    throw new Error(
      `The event pattern for ${detectorsOf({ securityHub: [], config: [], ...services }).join()} exceeds the maximum length of ${maxLength}.`,
    );
  const [only] = threats;
  const halves =
    threats.length === 1 && only
      ? [0, 1].map((half) => ({ guardDuty: { ...only, types: halfOf(only.types, half) } }))
      : [0, 1].map((half) => ({ guardDuty: halfOf(threats, half) }));
  return [{ ...halves[0], ...others }, { ...halves[1] }].flatMap(patternsOfServices);
}

function halfOf<Name>(names: readonly Name[], half: number): readonly Name[] {
  const middle = Math.ceil(names.length / 2);
  return half === 0 ? names.slice(0, middle) : names.slice(middle);
}

function patternOf({ securityHub, config, ...services }: Names): Pattern {
  const { guardDuty, macie, accessAnalyzer, inspector } = services;
  // Findings without consolidated control findings name their control only at the end of the generator ID.
  const controls =
    securityHub.length === 0
      ? []
      : [{ Compliance: { SecurityControlId: securityHub } }, { GeneratorId: securityHub.map((control) => ({ suffix: `/${control}` })) }];
  const branches: readonly Pattern[] = [
    ...controls.map(({ Compliance, ...rest }) => ({
      'detail-type': ['Security Hub Findings - Imported'],
      detail: {
        findings: {
          ...rest,
          Compliance: { ...Compliance, Status: ['FAILED'] },
          RecordState: ['ACTIVE'],
          Workflow: { Status: ['NEW', 'NOTIFIED'] },
        },
      },
    })),
    ...(securityHub.length === 0 ? [] : [complianceFinding(securityHub)]),
    ...controls.map((control) => ({
      'detail-type': ['Security Hub Findings - Custom Action'],
      resources: [{ suffix: `:action/custom/${customActionId}` }],
      detail: { findings: control },
    })),
    ...(config.length === 0 ? [] : [complianceChange(config)]),
    ...serviceBranches(services),
  ];
  const source = [
    ...(securityHub.length > 0 || guardDuty || macie || accessAnalyzer || inspector ? ['aws.securityhub'] : []),
    ...(config.length === 0 ? [] : ['aws.config']),
    ...(guardDuty ? ['aws.guardduty'] : []),
    ...(macie ? ['aws.macie'] : []),
    ...(accessAnalyzer ? ['aws.access-analyzer'] : []),
    ...(inspector ? ['aws.inspector2'] : []),
  ];
  // EventBridge requires at least two branches in an `$or`.
  return branches.length === 1 ? { source, ...branches[0] } : { source, $or: branches };
}

/** Of findings that services send themselves, and of the same ones in Security Hub. */
const serviceBranches = ({ guardDuty, macie, accessAnalyzer, inspector }: Omit<Names, 'securityHub' | 'config'>): readonly Pattern[] => [
  ...toArray(guardDuty ?? []).flatMap((threats) => [threat(threats), ...threatInHubs(threats)]),
  ...(macie ? [{ 'detail-type': ['Macie Finding'], detail: { type: macie } }, ...dataFindingInHubs(macie)] : []),
  ...(accessAnalyzer ? [publicAccess(accessAnalyzer), publicAccessInHub(accessAnalyzer)] : []),
  ...(inspector?.types ?? []).map((type) => vulnerability(type, inspector?.severities ?? [])),
  ...(inspector ? vulnerabilityInHubs(inspector.severities) : []),
];

const threat = ({ types, resourceRole }: Threats): Pattern => ({
  'detail-type': ['GuardDuty Finding'],
  detail: { type: types, ...(resourceRole && { service: { resourceRole: [resourceRole] } }) },
});

const publicAccess = (names: readonly string[]): Pattern => ({
  'detail-type': ['Access Analyzer Finding'],
  detail: { status: ['ACTIVE'], isPublic: [true], resourceType: names.map((name) => name.slice(name.indexOf('/') + 1)) },
});

/** With a fix, in a package of the operating system: all others would only be refused. */
const vulnerability = (name: string, severity: readonly string[]): Pattern => {
  const [type = '', resourceType = ''] = name.split('/');
  return {
    'detail-type': ['Inspector2 Finding'],
    detail: {
      type: [type],
      status: ['ACTIVE'],
      severity,
      fixAvailable: ['YES', 'PARTIAL'],
      resources: { type: [resourceType] },
      packageVulnerabilityDetails: { vulnerablePackages: { packageManager: ['OS'] } },
    },
  };
};

/** The same findings in OCSF, from Security Hub itself. */
const complianceFinding = (controls: readonly string[]) => ({
  'detail-type': ['Findings Imported V2'],
  detail: {
    findings: {
      class_uid: [complianceClass],
      compliance: { control: controls, status_id: [complianceIds.fail] },
      status_id: [statusIds.unknown, statusIds.new, statusIds.inProgress],
    },
  },
});

/** A managed rule under its own name, as Security Hub deploys it, as a conformance pack does, and as AWS Config does in an organization. */
const complianceChange = (config: readonly string[]) => ({
  'detail-type': ['Config Rules Compliance Change'],
  detail: {
    messageType: ['ComplianceChangeNotification'],
    newEvaluationResult: { complianceType: ['NON_COMPLIANT'] },
    configRuleName: [...config, ...config.flatMap((name) => prefixesOf(name).map((prefix) => ({ prefix })))],
  },
});
