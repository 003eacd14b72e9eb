import { controlTitle } from '../../standards/standards';
import { categories, categoryTexts, openCategories } from '../category';
import { countsOf, type Misconfiguration } from '../numbers/misconfigurations';
import type { Span } from '../numbers/span';
import { observationOf } from './observation';
import { line, markup, propertiesOf, token, uuidOf } from './text';

/** What one result is about. */
export interface Scope {
  /** The name of the standard, as `--standard` takes it. */
  readonly name: string;
  readonly title: string;
  /** The requirements, each with its misconfigurations. */
  readonly requirements: ReadonlyMap<string, readonly Misconfiguration[]>;
  readonly span: Span;
  readonly version: string;
  /** The UUID of the document, and that of the log in its back matter. */
  readonly document: string;
  readonly log: string;
}

/** A result: a standard, a finding for each requirement, and an observation for each misconfiguration. All of it is made one by one. */
export function resultOf(scope: Scope) {
  const { name, title, requirements, span, version, document, log } = scope;
  const uuid = uuidOf(document, `result ${name}`);
  const tool = uuidOf(uuid, 'tool');
  const all = new Set([...requirements.values()].flat());
  const ids = [...new Set([...requirements.keys()].map((requirement) => controlId(name, requirement)))].toSorted();
  return {
    uuid,
    title: markup(title),
    description:
      'What Posture remediator found and did in the period. Only resources that a detector reported are assessed: a control without findings here is not thereby satisfied.',
    start: new Date(span.since).toISOString(),
    end: new Date(span.until).toISOString(),
    props: propertiesOf({ standard: name, misconfigurations: all.size }),
    'local-definitions': {
      'inventory-items': inventory(all, uuid),
      'assessment-assets': {
        components: [
          {
            uuid: tool,
            type: 'software',
            title: 'Posture remediator',
            description: 'Inspects the resource of each finding, fixes it within the policy, inspects it again, and logs each step.',
            props: [{ name: 'version', value: line(version) }],
            status: { state: 'operational' },
          },
        ],
        'assessment-platforms': [
          { uuid: uuidOf(uuid, 'platform'), title: 'Posture remediator', 'uses-components': [{ 'component-uuid': tool }] },
        ],
      },
    },
    'reviewed-controls': {
      'control-selections': [
        {
          description: 'The requirements about which a detector reported in the period.',
          'include-controls': ids.map((id) => ({ 'control-id': id })),
        },
      ],
    },
    observations: observations(all, { uuid, tool, log }),
    findings: findings(scope, uuid),
  };
}

function* inventory(all: Iterable<Misconfiguration>, result: string) {
  const seen = new Set<string>();
  for (const { place, last } of all) {
    const { resource, resourceType, account, region } = last;
    if (seen.has(place)) continue;
    seen.add(place);
    yield {
      uuid: subjectUuid(result, place),
      description: markup(resource),
      props: [{ name: 'asset-id', value: line(resource) }, ...propertiesOf({ 'resource-type': resourceType, account, region })],
    };
  }
}

function* observations(all: Iterable<Misconfiguration>, { uuid, tool, log }: Readonly<Record<'uuid' | 'tool' | 'log', string>>) {
  for (const one of all) yield observationOf(one, { uuid: observationUuid(uuid, one), subject: subjectUuid(uuid, one.place), tool, log });
}

function* findings({ name, requirements }: Scope, result: string) {
  for (const [requirement, some] of requirements) {
    const counts = countsOf(some);
    const controls = [...new Set(some.map(({ last }) => last.control))].toSorted();
    const told = controls.map((control) => [control, controlTitle(control)].filter((part) => part !== undefined).join(': '));
    yield {
      uuid: uuidOf(result, `finding ${requirement}`),
      title: markup(requirement),
      description: markup(told.join('; ')),
      props: propertiesOf(Object.fromEntries([['found', some.length], ...categories.map((one) => [one, counts[one]])])),
      target: { type: 'objective-id', 'target-id': controlId(name, requirement), status: statusOf(counts) },
      'related-observations': related(some, result),
    };
  }
}

function* related(some: readonly Misconfiguration[], result: string) {
  for (const one of some) yield { 'observation-uuid': observationUuid(result, one) };
}

function statusOf(counts: ReturnType<typeof countsOf>) {
  const open = openCategories.filter((one) => counts[one] > 0);
  if (open.length > 0) {
    const told = open.map((one) => `${categoryTexts[one].label.toLowerCase()} ${counts[one]}`).join(', ');
    return { state: 'not-satisfied', reason: 'fail', remarks: `Still there at the end of the period: ${told}.` };
  }
  if (counts.exempt > 0)
    return { state: 'not-satisfied', reason: 'other', remarks: `Left as it is because somebody decided so: ${counts.exempt}.` };
  return { state: 'satisfied', reason: 'pass', remarks: 'All that was reported in the period is fixed, or was found to be compliant.' };
}

/** What AWS publishes no number for is named by its control; a bare number isn't an identifier of OSCAL. */
const controlId = (standard: string, requirement: string): string =>
  token(/^\p{L}/u.test(requirement) ? requirement : `${standard}-${requirement}`);

const subjectUuid = (result: string, place: string): string => uuidOf(result, `resource ${place}`);

const observationUuid = (result: string, { place, last }: Misconfiguration): string => uuidOf(result, `observation ${last.rule} ${place}`);
