import { canonicalJson } from '../canonical-json';
import type { LoggedChange } from '../log/event';
import type { CentralLocation } from '../notify/console-link';
import { messageContentOf } from '../notify/message-content';
import { chatText } from '../notify/neutral';
import type { OutcomeEvent } from '../outcomes/outcome-schema';
import { isNear } from '../policy/deadline';
import type { Tickets } from '../policy/tickets';
import { type Requirement, requirementsOf, standardTitles } from '../standards/standards';
import type { Properties } from '../template/expected-properties';
import { snippetsFor } from '../template/snippets';
import { isConfidential } from '../ticket-records/effect';
import { commandFor } from './command';
import type { Block, Document, Fact, Step } from './document';
import type { Step as TicketStep } from './life';
import type { Draft } from './tracker';

/** What a ticket says, beside the event. */
export interface Details {
  /** With their parameters, if the policy shows them. */
  readonly changes: readonly LoggedChange[];
  readonly central: CentralLocation;
  /** Whether answers in the ticket are received. */
  readonly answers: boolean;
}

/** A new ticket: what is wrong, where, since when, what changes, and what its owner can do. Pure. */
export function draftOf(event: OutcomeEvent, policy: Pick<Tickets, 'owners'>, details: Details): Draft {
  const { rule, resource, account, region } = event;
  const assignee = assigneeOf(event, policy);
  return {
    title: chatText(`${rule.title}: ${resource.arn} (${account}, ${region})`, 200),
    severity: rule.severity,
    ...(isConfidential(event) && { confidential: true as const }),
    body: [{ heading: 'What is wrong' }, { text: `Expected: ${rule.title}.` }, ...situation(event, details)],
    ...(assignee !== undefined && { assignee }),
  };
}

/** A comment about an outcome. `times`: how many times the misconfiguration recurred. Pure. */
export function noteOf(
  event: OutcomeEvent,
  details: Details,
  step: Extract<TicketStep, { readonly do: 'comment' }>,
  times: number,
): Document {
  const recurred: readonly Block[] = step.recurred
    ? [{ text: `The misconfiguration recurred, ${times === 1 ? 'once' : `${times} times`} so far.` }]
    : [];
  if (step.afterwards === 'close') return [{ heading: 'Closed' }, { text: proofOf(event) }, { facts: placeOf(event) }];
  const waits = waitsFor[event.outcome];
  return [...recurred, ...nearText(event), ...(waits === undefined ? [] : [{ text: waits }]), ...situation(event, details)];
}

const nearText = ({ deadline, time }: OutcomeEvent): readonly Block[] =>
  deadline && isNear(deadline.at, time) ? [{ text: `The deadline is near: ${deadline.at}.` }] : [];

const waitsFor: { readonly [Of in OutcomeEvent['outcome']]?: string } = {
  fixed: 'Fixed and verified by the rule. The ticket is closed after the detector agrees.',
  'already-compliant': 'The resource is as expected: somebody else fixed it. The ticket is closed after the detector agrees.',
};

/** Why a ticket is closed, as a sentence. */
export const proofOf = ({ reason, time, remediation }: OutcomeEvent): string => `${reason} Remediation ${remediation}, ${time}.`;

function situation(event: OutcomeEvent, { changes, central, answers }: Details): Document {
  const { headline, facts, steps } = messageContentOf(event, central);
  return [
    { heading: headline },
    { facts: [...facts.map(({ label, given }) => ({ label, given })), ...placeOf(event)] },
    ...templateOf(event),
    ...changes.flatMap(changeBlocks),
    { heading: 'Options of the owner' },
    {
      steps: [
        ...steps,
        ...(answers ? answersTo(event) : []),
        {
          text: 'Exempt the resource: set the exemption tag, or add an entry with a reason, an owner and an end to `exemptions` in the policy.',
        },
      ],
    },
  ];
}

const answersTo = ({ approval }: OutcomeEvent): readonly Step[] =>
  approval
    ? [
        { text: 'Approve in this ticket, by a comment of one line:', command: commandFor('approve', approval.hash) },
        { text: 'Reject in this ticket, which exempts the resource:', command: `${commandFor('reject', approval.hash)} because ...` },
      ]
    : [];

const placeOf = ({ times, detectedBy, rule: { severity, controls } }: OutcomeEvent): readonly Fact[] =>
  [
    { label: 'Detected since', given: times.detected ?? '' },
    { label: 'Severity', given: severity },
    { label: 'Controls of Security Hub', given: controls.join(', ') },
    ...requirementFacts(requirementsOf({ control: detectedBy }, controls)),
  ].filter(({ given }) => given !== '');

/** What a standard requires can be many numbers. */
const maxRequirements = 10;

const requirementFacts = (all: readonly Requirement[]): readonly Fact[] =>
  [...new Set(all.map(({ standard }) => standard))].map((standard) => {
    const numbers = all.filter((one) => one.standard === standard).map(({ requirement }) => requirement);
    const more = numbers.length - maxRequirements;
    return {
      label: standardTitles[standard],
      given: `${numbers.slice(0, maxRequirements).join(', ')}${more > 0 ? `, and ${more} more` : ''}`,
    };
  });

/** For a resource that a tool manages: what to change there. */
function templateOf({ template, ownedBy, expected, resource: { type }, rule: { response } }: OutcomeEvent): readonly Block[] {
  const owner = ownerIn({ template, ownedBy });
  if (!owner) return [];
  const { stack, logicalId, property } = template ?? {};
  // What a response would set says what was attacked.
  const snippets = expected && !response ? snippetsFor({ type, logicalId, properties: expected as Properties }, owner) : [];
  const facts = [
    { label: 'Stack', given: stack },
    { label: 'Logical ID', given: logicalId },
    { label: 'Property', given: property },
  ].flatMap(({ label, given }) => (given === undefined ? [] : [{ label, given }]));
  const tool = owner === 'stack' ? 'CloudFormation' : 'Terraform';
  return [
    { heading: owner === 'stack' ? 'Change it in the template' : 'Change it in the configuration' },
    { text: `${tool} manages the resource: a change elsewhere is lost at its next deployment.` },
    ...(facts.length > 0 ? [{ facts }] : []),
    ...snippets.flatMap(({ tool: of, code }) => [{ text: `${of}:` }, { code }]),
    ...(snippets.length > 0 ? [{ text: `Check what the change does before its deployment: ${previews[owner]}.` }] : []),
  ];
}

const previews = { stack: 'a change set shows whether the resource is replaced', terraform: 'terraform plan shows it' } as const;

/** The tools that there are snippets for. */
function ownerIn({ template, ownedBy = '' }: Pick<OutcomeEvent, 'template' | 'ownedBy'>): 'stack' | 'terraform' | undefined {
  if (template) return 'stack';
  return /^(Terraform|OpenTofu)\b/.test(ownedBy) ? 'terraform' : undefined;
}

const maxChange = 3000;

function changeBlocks(change: LoggedChange): readonly Block[] {
  const irreversible = 'irreversible' in change ? change.irreversible : undefined;
  const undo = 'undo' in change && typeof change.undo === 'object' ? change.undo : undefined;
  return [
    { heading: `Change: ${change.do.service}:${change.do.operation}` },
    { code: shown(change.do.input) },
    ...(change.document === undefined ? [] : [{ heading: 'Document' }, { code: shortened(change.document) }]),
    ...(undo ? [{ heading: `Rollback: ${undo.service}:${undo.operation}` }, { code: shown(undo.input) }] : []),
    ...(irreversible === undefined ? [] : [{ text: `It cannot be rolled back: ${irreversible}` }]),
  ];
}

function shown(input: LoggedChange['do']['input']): string {
  return shortened(JSON.stringify(JSON.parse(canonicalJson(input)), null, 2));
}

const shortened = (text: string): string => (text.length > maxChange ? `${text.slice(0, maxChange)}\n… The log contains all.` : text);

function assigneeOf({ owner, account }: OutcomeEvent, { owners }: Pick<Tickets, 'owners'>): string | undefined {
  const byTag = owner !== undefined && Object.hasOwn(owners.tags, owner) ? owners.tags[owner] : undefined;
  return byTag ?? (Object.hasOwn(owners.accounts, account) ? owners.accounts[account] : undefined) ?? owners.default;
}
