import type { OutcomeEvent, PublishedOutcome } from '../outcomes/outcome-schema';
import { headlines } from '../outcomes/to-know';
import { type CentralLocation, findingLink, functionLogLink, logTableLink } from './console-link';
import { guideFor } from './guide';

/** The content of a notification. `given` is untrusted: the formats sanitize it. */
export interface MessageContent {
  readonly headline: string;
  readonly facts: readonly { readonly label: string; readonly given: string }[];
  /** The next steps: a sentence, with a command to copy if there is one. */
  readonly steps: readonly { readonly text: string; readonly command?: string }[];
  readonly links: readonly { readonly label: string; readonly url: string }[];
}

/** `central` is the location of the log. Pure. */
export function messageContentOf(event: OutcomeEvent, central: CentralLocation): MessageContent {
  const { remediation, outcome, reason, code, rule, resource, account, region, owner, ownedBy, changes, until, approval } = event;
  const facts = [
    ['Rule', `${rule.title} (${rule.id}, ${rule.severity})`],
    ['Resource', resource.arn],
    ['Location', `account ${account}, ${region}`],
    ['Reason', reason],
    ['Code', code],
    // A request that is not about a single resource has no detector.
    ['Detected by', event.detectedBy === 'none' ? undefined : `${event.detectedBy} (${event.source})`],
    [
      'Known of the attack',
      event.evidence &&
        Object.entries(event.evidence)
          .map(([name, value]) => `${name} ${value}`)
          .join(', '),
    ],
    ['Requested by', event.requester && [event.requester, event.reference].filter((one) => one !== undefined).join(', reference ')],
    ['API calls', changes.join(', ')],
    ['Impact', isToCome(event) ? rule.impact : undefined],
    ['Omitted', event.omitted && `${event.omitted.changes} calls, ${event.omitted.decision} clauses`],
    ['Owner', owner],
    ['Managed by', ownedBy],
    ['Expected in the template', event.expected && JSON.stringify(event.expected)],
    [rule.response ? 'To be answered by' : 'To be ended by', event.deadline && deadlineText(event.deadline)],
    [untilLabel(event), until],
    ['Approval until', approval?.expires],
    ['Plan', approval?.hash],
    ['Actor', event.actor],
    ['Remediation', remediation],
    ['Documentation', guideFor(outcome)],
  ] as const;
  const links = [
    ['Finding in Security Hub', event.source.startsWith('security-hub') ? findingLink(event, event.finding) : undefined],
    ['Function logs', wentWrong.includes(outcome) ? functionLogLink(central, rule.id) : undefined],
    ['Audit log', logTableLink(central)],
  ] as const;
  return {
    headline: event.deadline?.passed ? `Overdue: ${headlineOf(event)}` : headlineOf(event),
    facts: facts.flatMap(([label, given]) => (given ? [{ label, given }] : [])),
    steps: [...stepsOf(event), { text: 'Show all events:', command: `posture log --remediation ${remediation}` }],
    links: links.flatMap(([label, url]) => (url ? [{ label, url }] : [])),
  };
}

function deadlineText({ at, action, passed }: NonNullable<OutcomeEvent['deadline']>): string {
  if (passed) return `${at} (passed)`;
  return `${at}, then ${action === 'fix' ? 'it is carried out without an approval, if nothing else keeps it' : 'it is escalated'}`;
}

function untilLabel({ outcome, deferredBy }: OutcomeEvent): string {
  if (outcome === 'exempt') return 'Exempt until';
  return deferredBy?.includes('grace') ? 'Deadline' : 'Next attempt';
}

function headlineOf({ outcome, deferredBy, approval }: OutcomeEvent): string {
  if (deferredBy?.includes('grace')) return 'Grace period: the owner can fix it until the deadline';
  return outcome === 'partly-fixed' && !approval ? 'Partly fixed: the rest must be fixed manually' : headlines[outcome];
}

/** Whether a fix is still to come, so that its impact is worth knowing. */
const isToCome = ({ outcome, deferredBy = [] }: OutcomeEvent): boolean =>
  outcome === 'awaiting-approval' || outcome === 'partly-fixed' || deferredBy.includes('grace');

const wentWrong: readonly PublishedOutcome[] = ['failed', 'unverified', 'incomplete', 'rollback-failed'];

function commandsOf({ remediation, resource, rule, approval }: OutcomeEvent) {
  // With the hash, so that an old message can't approve a newer plan.
  const plan = approval ? ` --plan ${approval.hash.slice(0, 16)}` : '';
  return {
    approve: { text: 'Approve:', command: `posture approve ${remediation}${plan}` },
    reject: { text: 'Reject:', command: `posture reject ${remediation} --why "..."` },
    // By the deployed functions: the operator needs no permissions in the account of the resource.
    rollback: { text: 'Roll back:', command: `posture rollback ${remediation} --deployed --why "..."` },
    fix: `posture fix ${resource.arn} --rule ${rule.id} --why "..."`,
  };
}

function stepsOf(event: OutcomeEvent): MessageContent['steps'] {
  const { outcome, code, rule, deferredBy, approval } = event;
  const { approve, reject, rollback, fix } = commandsOf(event);
  switch (outcome) {
    case 'awaiting-approval':
      return [approve, reject];
    case 'partly-fixed':
      if (!approval) return [{ text: "Fix the rest manually. The reason explains why it can't be automated." }, rollback];
      return [{ ...approve, text: 'Approve the rest:' }, { ...reject, text: 'Reject the rest:' }, rollback];
    case 'fixed':
      return [{ text: 'No action is required, unless the change causes problems.' }, rollback];
    case 'unverified':
      return [{ text: "Check the resource: the change was accepted, but the rule's check does not pass." }, rollback];
    case 'incomplete':
      if (code === 'rollback-unfinished') return [{ ...rollback, text: 'Repeat the rollback:' }];
      return [
        {
          text: 'To finish the fix, remove what the reason names. It then continues by itself at the next attempt, or at once:',
          command: fix,
        },
        { ...rollback, text: 'To revert its changes instead:' },
      ];
    case 'disputed':
      if (code === 'policy-below-detector')
        return [{ text: 'Set the parameters of the rule in the policy to what the detector requires, or suppress the finding.' }];
      return [
        {
          text: 'Compare the resource with the page of the control or Config rule. If the rule is right, suppress the finding; if the detector is right, fix the resource manually, and report the rule.',
        },
      ];
    case 'blocked':
      return code === 'role-reads-only'
        ? [{ text: 'Deploy PostureMember in the account with Grants=write, or list the account under `grants` in the policy.' }]
        : [];
    case 'failed':
      return [{ text: 'Check the reason, and fix the resource manually if it is urgent. The next finding triggers another attempt.' }];
    case 'deferred':
      return deferredBy?.includes('grace') ? [{ text: 'Fix the resource before the deadline. After that, the policy applies.' }] : [];
    case 'exempt':
      return [{ text: 'Fix the resource, or renew the exemption before it ends. After that, the policy applies again.' }];
    case 'drift-loop':
      return [{ text: 'Change the setting at its source, such as the template, or exempt the resource in the policy.' }];
    case 'breaker-open':
      return [
        {
          text: 'Find out why fixes fail or are rolled back. The breaker stays open until an approver closes it:',
          command: `posture breaker close ${rule.id} --why "..."`,
        },
      ];
    case 'stopped':
      return [{ text: 'Allow changes again:', command: 'posture resume --why "..."' }];
    case 'review-due':
      return [
        { text: 'See what is contained:', command: 'posture contained' },
        { ...rollback, text: 'If the incident is over, release the resource:' },
      ];
    case 'unfixable':
      return [{ text: "Fix the resource manually. The reason explains why it can't be automated." }];
    case 'not-configured':
      return [{ text: 'Set the parameters of the rule in posture.yaml, under `parameters`, and publish the policy.' }];
    case 'approval-refused':
      return [{ text: 'List the plans that await approval:', command: 'posture approvals' }];
    default:
      return stepsAfterRollback(event);
  }
}

function stepsAfterRollback(event: OutcomeEvent): MessageContent['steps'] {
  const { outcome, code, remediation } = event;
  const { rollback } = commandsOf(event);
  switch (outcome) {
    case 'rollback-refused':
      if (code !== 'changed-since') return [];
      return [
        {
          text: 'The resource has changed since the fix. Check these changes first. To roll back anyway:',
          command: `posture rollback ${remediation} --deployed --force --why "..."`,
        },
      ];
    case 'rollback-failed':
      return [
        { ...rollback, text: 'Repeat the rollback:' },
        { text: 'If it fails again, restore the resource manually. The log has its previous state.' },
      ];
    case 'rolled-back':
      return [
        {
          text: 'The reason says whether the rule is kept from changing the resource again. To allow it before the end of the exemption:',
          command: `posture release ${remediation} --why "..."`,
        },
      ];
    default:
      return [];
  }
}
