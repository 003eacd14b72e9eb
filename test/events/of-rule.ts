import { arnOf } from '../../functions/aws/arn';
import { type Place, type ResourceKind, type Rule, toArray } from '../../rules/rule';
import { configComplianceChange } from './config';
import { home, type ReportedResource, resources } from './resources';
import { type ControlFinding, securityHubCustomAction, securityHubImported } from './security-hub';
import { accessAnalyzerFinding, guardDutyFinding, inspectorFinding, macieFinding } from './service-finding';
import {
  accessAnalyzerInCspm,
  guardDutyInCspm,
  guardDutyInV2,
  inspectorInCspm,
  inspectorInV2,
  macieInCspm,
  macieInV2,
} from './service-in-hubs';

/** An event that a rule has to act upon, and the name of the sort of event. */
export interface EventOfRule {
  readonly name: string;
  readonly event: object;
  /** Of the rule's `detectedBy`. */
  readonly detectedBy: string;
}

/** An event of every sort for every control, Config rule and kind of resource of a rule. */
export function eventsOf(rule: Pick<Rule, 'detectedBy' | 'resource'>, place: Place = home): readonly EventOfRule[] {
  return toArray(rule.resource).flatMap((kind) => {
    const resource = exampleOf(kind, place);
    return [
      ...rule.detectedBy.securityHub.flatMap((control) => ofControl({ ...place, control, resource })),
      ...rule.detectedBy.config.flatMap((name) => ofConfigRule(name, resource, place)),
      ...ofServices(rule.detectedBy, resource, place),
    ];
  });
}

function ofServices(
  { guardDuty, macie = [], accessAnalyzer = [], inspector }: Rule['detectedBy'],
  resource: ReportedResource,
  place: Place,
) {
  return [
    ...toArray(guardDuty ?? []).flatMap(({ types, resourceRole, nativeOnly }) =>
      types.flatMap((type) => {
        const threat = { ...place, type, resource, ...(resourceRole && { resourceRole }) };
        return [
          { name: `${type} of GuardDuty`, detectedBy: type, event: guardDutyFinding(threat) },
          ...(nativeOnly
            ? []
            : [
                { name: `${type} of GuardDuty in Security Hub CSPM`, detectedBy: type, event: guardDutyInCspm(threat) },
                { name: `${type} of GuardDuty in OCSF`, detectedBy: type, event: guardDutyInV2(threat) },
              ]),
        ];
      }),
    ),
    ...macie.flatMap((type) => [
      { name: `${type} of Macie`, detectedBy: type, event: macieFinding({ ...place, type, resource }) },
      { name: `${type} of Macie in Security Hub CSPM`, detectedBy: type, event: macieInCspm({ ...place, type, resource }) },
      { name: `${type} of Macie in OCSF`, detectedBy: type, event: macieInV2({ ...place, type, resource }) },
    ]),
    ...accessAnalyzer
      .filter((name) => name === `PublicAccess/${resource.type}`)
      .flatMap((name) => [
        { name: `${name} of IAM Access Analyzer`, detectedBy: name, event: accessAnalyzerFinding({ ...place, resource }) },
        {
          name: `${name} of IAM Access Analyzer in Security Hub CSPM`,
          detectedBy: name,
          event: accessAnalyzerInCspm({ ...place, resource }),
        },
      ]),
    ...(inspector?.types ?? []).flatMap((type) => [
      { name: `${type} of Inspector`, detectedBy: type, event: inspectorFinding({ ...place, type, resource }) },
      { name: `${type} of Inspector in Security Hub CSPM`, detectedBy: type, event: inspectorInCspm({ ...place, resource }) },
      { name: `${type} of Inspector in OCSF`, detectedBy: type, event: inspectorInV2({ ...place, resource }) },
    ]),
  ];
}

/** A resource of this kind as it is reported: one of the fixtures, or one that is made up. */
export function exampleOf(kind: ResourceKind, place: Place = home): ReportedResource & { readonly configId: string } {
  const template = { arn: kind.arn.replace(/\{(?:slash|path)\}/g, '').replace(/\{(?:name|freeName)\}/, 'example') };
  const id = /\{(id|slashedId|freeId)\}/.test(kind.arn) ? 'example-1' : place.account;
  const arn = arnOf(template, place, id);
  if (arn === undefined) throw new Error(`The template ${kind.arn} makes no ARN.`);
  const fixture = Object.values(resources(place)).find(({ type }) => type === kind.type);
  const { type, securityHubType } = kind;
  return {
    type,
    arn,
    configId: fixture?.configId ?? (idTells(kind) ? id : arn),
    ...(securityHubType && { securityHubType }),
  };
}

/** Whether AWS Config can know the resource by its id: else the ARN could not be made of it. */
const idTells = ({ arn, resolve }: ResourceKind): boolean =>
  !/\{(?:name|freeName)\}/.test(arn) && (!arn.includes('{path}') || resolve !== undefined);

const ofControl = (fault: ControlFinding): readonly EventOfRule[] => {
  const { control } = fault;
  const old: ControlFinding = { ...fault, consolidated: false, withoutSecurityControlId: true };
  const of = (standard: ControlFinding['standard'], numberInStandard?: string): object =>
    securityHubImported({ ...fault, consolidated: false, ...(standard && { standard }), ...(numberInStandard && { numberInStandard }) });
  return [
    { name: `${control}, consolidated`, event: securityHubImported(fault) },
    { name: `${control} of the best practices of AWS`, event: of('aws-foundational-security-best-practices/v/1.0.0') },
    { name: `${control} of NIST`, event: of('nist-800-53/v/5.0.0') },
    { name: `${control} of Control Tower`, event: of('service-managed-aws-control-tower/v/1.0.0') },
    { name: `${control} of CIS`, event: of('cis-aws-foundations-benchmark/v/1.4.0', '2.1.5') },
    { name: `${control} of PCI`, event: of('pci-dss/v/3.2.1', 'PCI.X.1') },
    { name: `${control}, in the generator alone`, event: securityHubImported(old) },
    { name: `${control} by a person`, event: securityHubCustomAction([fault]) },
    { name: `${control} by a person, in the generator alone`, event: securityHubCustomAction([old]) },
  ].map((each) => ({ ...each, detectedBy: control }));
};

const ofConfigRule = (rule: string, { type, configId }: ReturnType<typeof exampleOf>, place: Place): readonly EventOfRule[] =>
  (['plain', 'security-hub', 'conformance-pack', 'organization'] as const).map((form) => ({
    name: `${rule}, ${form}`,
    event: configComplianceChange({ ...place, rule, form, resourceType: type, resourceId: configId }),
    detectedBy: rule,
  }));
