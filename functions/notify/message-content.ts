import type { OutcomeEvent, PublishedOutcome } from '../outcomes/outcome-schema';
import { type CentralLocation, findingLink, functionLogLink, logTableLink } from './console-link';
import { headlines } from './to-know';

/** What a person needs to read of an outcome. What is `given` comes from outside: whoever prints it makes it harmless first. */
export interface MessageContent {
  readonly headline: string;
  readonly facts: readonly { readonly label: string; readonly given: string }[];
  /** What to do now: a sentence, and perhaps a command line to copy. */
  readonly steps: readonly { readonly text: string; readonly command?: string }[];
  readonly links: readonly { readonly label: string; readonly url: string }[];
}

/** `hub` is where the log is. Pure. */
export function messageContentOf(event: OutcomeEvent, central: CentralLocation): MessageContent {
  const { remediation, outcome, reason, rule, resource, account, region, owner, ownedBy, changes, until, approval } = event;
  const facts = [
    ['What', `${rule.title} (${rule.id}, ${rule.severity})`],
    ['Resource', resource.arn],
    ['Where', `account ${account}, ${region}`],
    ['Why', reason],
    // An order that is about no single resource was found by nobody.
    ['Found by', event.detectedBy === 'none' ? undefined : `${event.detectedBy} (${event.source})`],
    ['Calls', changes.join(', ')],
    ['Impact', isToCome(event) ? rule.impact : undefined],
    ['Left out here', event.omitted && `${event.omitted.changes} calls, ${event.omitted.decision} clauses`],
    ['Owner', owner],
    ['Made by', ownedBy],
    [untilLabel(event), until],
    ['Approval until', approval?.expires],
    ['Plan', approval?.hash],
    ['By', event.actor],
    ['Remediation', remediation],
  ] as const;
  const links = [
    ['The finding in Security Hub', event.source.startsWith('security-hub') ? findingLink(event, event.finding) : undefined],
    ["The function's log", wentWrong.includes(outcome) ? functionLogLink(central, rule.id) : undefined],
    ['The audit log', logTableLink(central)],
  ] as const;
  return {
    headline: headlineOf(event),
    facts: facts.flatMap(([label, given]) => (given ? [{ label, given }] : [])),
    steps: [...stepsOf(event), { text: 'To read all that happened:', command: `posture log --remediation ${remediation}` }],
    links: links.flatMap(([label, url]) => (url ? [{ label, url }] : [])),
  };
}

function untilLabel({ outcome, deferredBy }: OutcomeEvent): string {
  if (outcome === 'exempt') return 'Exempt until';
  return deferredBy?.includes('grace') ? 'Deadline' : 'Comes again';
}

function headlineOf({ outcome, deferredBy, approval }: OutcomeEvent): string {
  if (deferredBy?.includes('grace')) return 'To be fixed by its owner, until the deadline';
  return outcome === 'partly-fixed' && !approval ? 'Partly fixed, the rest has to be fixed by hand' : headlines[outcome];
}

/** Somebody has to know what a fix would mean before it is made. */
const isToCome = ({ outcome, deferredBy = [] }: OutcomeEvent): boolean =>
  outcome === 'awaiting-approval' || outcome === 'partly-fixed' || deferredBy.includes('grace');

const wentWrong: readonly PublishedOutcome[] = ['failed', 'unverified', 'rollback-failed'];

function stepsOf({ outcome, remediation, rule, deferredBy, approval }: OutcomeEvent): MessageContent['steps'] {
  // By the hash, so that nobody approves by an old message what the plan has become since.
  const plan = approval ? ` --plan ${approval.hash.slice(0, 16)}` : '';
  const approve = { text: 'To have it done:', command: `posture approve ${remediation}${plan}` };
  const reject = { text: 'To have it left as it is:', command: `posture reject ${remediation} --why "..."` };
  // By the functions: whoever gives orders needs no rights of their own where the resource is.
  const rollback = { text: 'To take it back:', command: `posture rollback ${remediation} --deployed --why "..."` };
  switch (outcome) {
    case 'awaiting-approval':
      return [approve, reject];
    case 'partly-fixed':
      if (!approval) return [{ text: 'Fix the rest by hand: the reason says why no call can.' }, rollback];
      return [{ ...approve, text: 'To have the rest done:' }, { ...reject, text: 'To have the rest left as it is:' }, rollback];
    case 'fixed':
      return [{ text: 'Nothing to do, unless this broke something.' }, rollback];
    case 'unverified':
      return [{ text: 'Look at the resource: the change was made, and its effect does not show.' }, rollback];
    case 'failed':
      return [{ text: 'Read why, and fix the resource by hand if it has to be fixed now. It is tried again with the next finding.' }];
    case 'deferred':
      return deferredBy?.includes('grace') ? [{ text: 'Fix it yourself before the deadline, or it is fixed then.' }] : [];
    case 'exempt':
      return [{ text: 'Fix it, or renew the exemption before it ends: after that, the rule does again what the policy says.' }];
    case 'drift-loop':
      return [{ text: 'Change it where it is made (the template, the operator), or exempt the resource in the policy.' }];
    case 'breaker-open':
      return [
        {
          text: 'Find out why its fixes fail or are rolled back, then close the breaker: it stays open until a person does.',
          command: `posture breaker close ${rule.id} --why "..."`,
        },
      ];
    case 'stopped':
      return [{ text: 'To let changes be made again:', command: 'posture resume --why "..."' }];
    case 'unfixable':
      return [{ text: 'Fix it by hand: the reason says why no call can.' }];
    case 'not-configured':
      return [{ text: 'Give the rule its parameters in posture.yaml, under `parameters`.' }];
    case 'approval-refused':
      return [{ text: 'Nothing was changed by it. To see what still waits:', command: 'posture approvals' }];
    case 'rollback-refused':
      return [
        {
          text: 'Others changed the resource since. Look at what they did first; this takes it back all the same:',
          command: `posture rollback ${remediation} --deployed --force --why "..."`,
        },
      ];
    case 'rollback-failed':
      return [{ text: 'Put the resource back by hand: the log has the state before.' }];
    case 'rolled-back':
      return [
        {
          text: 'Nothing to do: the rule leaves the resource alone for now. To have it fixed again:',
          command: `posture release ${remediation} --why "..."`,
        },
      ];
    default:
      return [];
  }
}
