import { type DetectorParameter, type Grant, type Rule, toArray } from '../../../rules/rule';
import { ownParameters, unset } from './own-parameters';
import { rolledBack } from './rolled-back';

/** The rules of a service: their purpose, impact, controls, permissions and parameters. */
export const servicePage = (service: string, rules: readonly Rule[]): string =>
  [
    `# Rules for ${service}`,
    '',
    'Generated from the rules by `npm run rules:page`. Do not edit this page. See also [all rules](../README.md).',
    ...rules.flatMap(section),
    '',
  ].join('\n');

function section(rule: Rule): readonly string[] {
  const { id, title, why, impact, severity, risk, detectedBy, resource, permissions, property, response } = rule;
  return [
    '',
    `## ${id}`,
    '',
    `${title}. ${why}`,
    '',
    `- **Impact**: ${impact}`,
    `- **Severity**: ${severity}. **Risk**: ${risk}. **Rollback**: ${rolledBack(rule)}.`,
    ...(response
      ? ['- **Response to a threat**: it asks for an approval, unless the section `responses` of the policy says otherwise.']
      : []),
    `- **Resources**: ${list(toArray(resource).map(({ type }) => type))}`,
    `- **Detected by**: ${detections(detectedBy)}`,
    ...(property ? [`- **CloudFormation property**: \`${property}\``] : []),
    `- **Read permissions**: ${grants([...toArray(permissions.inspect), ...toArray(resource).flatMap((kind) => kind.permissions ?? [])])}`,
    `- **Change permissions**: ${grants(toArray(permissions.change))}`,
    ...parameters(rule),
    ...detectorParameters(rule),
  ];
}

const detections = ({ securityHub, config, guardDuty, macie = [], accessAnalyzer = [], inspector }: Rule['detectedBy']): string =>
  [
    ...(securityHub.length > 0 ? [`Security Hub ${securityHub.join(', ')}`] : []),
    ...(config.length > 0 ? [`AWS Config ${list(config)}`] : []),
    ...toArray(guardDuty ?? []).map(
      ({ types, resourceRole }) => `GuardDuty ${list(types)}${resourceRole ? ` (role ${resourceRole})` : ''}`,
    ),
    ...(macie.length > 0 ? [`Macie ${list(macie)}`] : []),
    ...(accessAnalyzer.length > 0 ? [`IAM Access Analyzer ${list(accessAnalyzer)}`] : []),
    ...(inspector ? [`Inspector ${list(inspector.types)} (severity ${inspector.severities.join(' or ')})`] : []),
  ].join('; ');
const list = (names: readonly string[]): string => [...new Set(names)].map((name) => `\`${name}\``).join(', ');
const grants = (given: readonly Grant[]): string => list(given.flatMap(({ actions }) => actions));

function parameters(rule: Rule): readonly string[] {
  const own = ownParameters(rule);
  if (own.length === 0) return [];
  return ['- **Parameters**:', ...own.map((one) => `  - \`${one.name}\` (${unset(one)})${one.description && `: ${one.description}`}`)];
}

/** What a rule makes of the parameters of its controls and Config rules. */
function detectorParameters({ detectorParameters: given = {} }: Rule): readonly string[] {
  const lines = Object.entries(given).flatMap(([detector, parameters]) => {
    const each = Object.entries(parameters).map(([name, parameter]) => `\`${name}\` ${useOf(parameter)}`);
    return [`  - ${detector}: ${each.join('; ')}`];
  });
  return lines.length > 0 ? ['- **Parameters of the detector**:', ...lines] : [];
}

function useOf(parameter: DetectorParameter): string {
  if ('sets' in parameter) {
    const absent = parameter.absent === undefined ? '' : `, \`${JSON.stringify(parameter.absent)}\` if left out`;
    return `sets \`${parameter.sets}\`${absent}`;
  }
  if ('irrelevant' in parameter) return `is not needed (${plain(parameter.irrelevant)})`;
  const but = parameter.except?.length ? ` unless it is \`${parameter.except.join('` or `')}\`` : '';
  return `makes the finding unfixable${but} (${plain(parameter.unmappable)})`;
}

const plain = (sentence: string): string => `${sentence[0]?.toLowerCase()}${sentence.slice(1).replace(/\.$/, '')}`;
