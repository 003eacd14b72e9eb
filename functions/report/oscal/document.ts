import { standards, standardTitles } from '../../standards/standards';
import { counted } from '../html/texts';
import type { Misconfiguration } from '../numbers/misconfigurations';
import type { Report } from '../report';
import { resultOf } from './result';
import { line, markup, namespace, propertiesOf, uuidOf } from './text';

/** The version of the Open Security Controls Assessment Language. */
export const oscalVersion = '1.2.3';

const noStandard = 'none';

/** The report as assessment results of OSCAL: a result for each standard, made one by one. The same report has the same identifiers. */
export function oscalDocument(report: Report) {
  const { numbers, scope, made, log } = report;
  const { since, until } = numbers.span;
  const uuid = uuidOf(namespace, `report ${log} ${scope} ${since} ${until}`);
  const plan = uuidOf(uuid, 'plan');
  const logUuid = uuidOf(uuid, 'log');
  return {
    'assessment-results': {
      uuid,
      metadata: {
        title: markup(`Posture report, ${new Date(since).toISOString()} to ${new Date(until).toISOString()}, ${scope}`),
        'last-modified': new Date(made).toISOString(),
        version: new Date(made).toISOString(),
        'oscal-version': oscalVersion,
        ...partiesOf(report),
        remarks: integrityRemarks(report),
      },
      'import-ap': { href: `#${plan}`, remarks: 'There is no assessment plan. The reference leads to a resource that says so.' },
      results: results(report, uuid, logUuid),
      'back-matter': {
        resources: [
          {
            uuid: plan,
            title: 'No assessment plan',
            description:
              'These results come from continuous operation, not from a planned assessment: findings of detectors, as they arrived, and what was done about them.',
          },
          {
            uuid: logUuid,
            title: 'Audit log',
            description: markup(
              `The table ${log}. An event is found by its trail and sequence; its hash covers the event before it. posture log --remediation prints all events of a remediation, posture log verify proves them.`,
            ),
            props: propertiesOf({ table: log }),
          },
        ],
      },
    },
  };
}

/** Who runs the software, and who answered. */
function partiesOf({ numbers, log }: Report) {
  const [, , , region = '', account = ''] = log.split(':');
  const operator = {
    uuid: uuidOf(namespace, `account ${account}`),
    type: 'organization',
    name: line(`Operator of AWS account ${account}, ${region}`),
  };
  const people = numbers.answers.map(({ by }) => ({ uuid: uuidOf(namespace, `principal ${by}`), type: 'person', name: line(by) }));
  const approvers = people.map(({ uuid }) => uuid);
  return {
    roles: [
      { id: 'prepared-by', title: 'Runs Posture remediator' },
      ...(approvers.length > 0 ? [{ id: 'approver', title: 'Approved or rejected plans in the period' }] : []),
    ],
    parties: [operator, ...people],
    'responsible-parties': [
      { 'role-id': 'prepared-by', 'party-uuids': [operator.uuid] },
      ...(approvers.length > 0 ? [{ 'role-id': 'approver', 'party-uuids': approvers }] : []),
    ],
  };
}

function integrityRemarks({ integrity: { events, remediations, broken, forged, seal } }: Report): string {
  const read = `Made from ${counted(events, 'event', 'events')} of ${counted(remediations, 'remediation', 'remediations')}, whose hash chains were verified.`;
  const errors =
    broken.length + forged.length === 0
      ? 'All are intact.'
      : `Left out because they can't be trusted: ${counted(broken.length, 'remediation', 'remediations')} with a broken hash chain, ${counted(forged.length, 'forged record', 'forged records')}.`;
  return [read, errors, seal ?? 'Completeness is proven by posture log verify, not by this document.'].join(' ');
}

function* results({ numbers: { misconfigurations, span }, version, standard: only }: Report, document: string, log: string) {
  const titles = { ...standardTitles, [noStandard]: 'Findings of no standard' };
  const byStandard = groupedByRequirement(misconfigurations);
  for (const name of [...standards, noStandard] as const) {
    const requirements = byStandard.get(name);
    if (requirements) yield resultOf({ name, title: titles[name], requirements, span, version, document, log });
  }
  if (byStandard.size === 0) yield emptyResult(only === undefined ? 'All standards' : standardTitles[only], span, document);
}

/** By standard, then by requirement: a misconfiguration is in each that it concerns, a hundred thousand of them in ten or more. */
function groupedByRequirement(all: readonly Misconfiguration[]): ReadonlyMap<string, ReadonlyMap<string, readonly Misconfiguration[]>> {
  const byStandard = new Map<string, Map<string, Misconfiguration[]>>();
  for (const one of all)
    for (const { standard, requirement } of requirementsOf(one)) {
      const byRequirement = byStandard.get(standard) ?? new Map<string, Misconfiguration[]>();
      byStandard.set(standard, byRequirement);
      const some = byRequirement.get(requirement);
      if (some) some.push(one);
      else byRequirement.set(requirement, [one]);
    }
  return byStandard;
}

const requirementsOf = ({ requirements, last }: Misconfiguration) =>
  requirements.length > 0 ? requirements : [{ standard: noStandard, requirement: last.control }];

/** OSCAL wants a result, and in it a selection of controls. */
const emptyResult = (title: string, { since, until }: Report['numbers']['span'], document: string) => ({
  uuid: uuidOf(document, 'result'),
  title: markup(title),
  description: 'No remediation ended in the period. Nothing is said about any control.',
  start: new Date(since).toISOString(),
  end: new Date(until).toISOString(),
  'reviewed-controls': {
    'control-selections': [{ description: 'Findings about any control would be here. None was assessed.', 'include-all': {} }],
  },
});
