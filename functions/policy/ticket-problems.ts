import { quote } from '../untrusted-text';
import { isPersonal } from './personal-session';
import type { Policy } from './policy';
import { isPrincipal } from './principal';
import type { PlacedProblem } from './problem';
import type { Tickets, TrackerSettings } from './tickets';

/** The projects are named differently by each vendor. Returns what is wrong. */
function projectProblem({ vendor, project }: Pick<TrackerSettings, 'vendor' | 'project'>): string | undefined {
  if (vendor === 'github') return /^[\w-]+\/[\w.-]+$/.test(project) ? undefined : 'is not a GitHub repository. Write it as `owner/name`.';
  if (vendor === 'servicenow')
    return project === 'incident' || project === 'sn_si_incident'
      ? undefined
      : 'is not a supported table. Valid values: incident, sn_si_incident.';
  return /^[A-Z][A-Z0-9_]{1,99}$/.test(project) ? undefined : 'is not the key of a Jira project, such as SEC.';
}

/** Tickets about threats and exposed resources must not be read by all who read tickets. Yields what is wrong. */
function* confidentialityProblems({ tracker, responses, exposures }: Tickets): Generator<PlacedProblem> {
  const { vendor, project, securityLevel } = tracker;
  for (const [key, given] of Object.entries({ responses, exposures })) {
    if (given === 'none') continue;
    if (vendor.startsWith('jira') && securityLevel === undefined)
      yield [['tickets', 'tracker'], `tickets about ${key} need a security level. Set securityLevel, or tickets.${key} to \`none\`.`];
    if (vendor === 'servicenow' && project !== 'sn_si_incident')
      yield [
        ['tickets', 'tracker', 'project'],
        `tickets about ${key} must be security incidents. Set it to sn_si_incident, or tickets.${key} to \`none\`.`,
      ];
  }
}

/** What is wrong with the section `tickets`, beyond its form. */
export function* ticketProblems({ tickets: given }: { readonly tickets?: Tickets | undefined }): Generator<PlacedProblem> {
  if (!given) return;
  const { tracker: named, open, close } = given;
  const problem = projectProblem(named);
  if (problem !== undefined) yield [['tickets', 'tracker', 'project'], `${quote(named.project)} ${problem}`];
  yield* confidentialityProblems(given);
  for (const outcome of open.filter((one) => close.includes(one)))
    yield [['tickets', 'close'], `${quote(outcome)} is also in tickets.open. Remove it from one of them.`];
  yield* answerProblems(given);
}

/** How each vendor names a user for ever. */
const usersOf: Readonly<Record<TrackerSettings['vendor'], readonly [RegExp, string]>> = {
  'jira-cloud': [/^(?=.{16,128}$)[\w-]+(:[\w-]+)*$/, 'an account id of Jira, such as 5b10ac8d82e05b22cc7d4ef5'],
  'jira-data-center': [/^[\w.@-]+$/, 'a user key of Jira, such as JIRAUSER10100'],
  github: [/^\d{1,15}$/, 'the number of a GitHub user, as `gh api users/<name> --jq .id` prints it'],
  servicenow: [/^[0-9a-f]{32}$/, 'the sys_id of a ServiceNow user'],
};

/** Users that stand for two people, and members of a workspace that is not named. */
function* answerProblems({ answers, slack: chat, tracker: { vendor } }: Tickets): Generator<PlacedProblem> {
  const people = answers?.operators ?? [];
  for (const [index, { user, slack }] of people.entries()) {
    const at = (key: string) => ['tickets', 'answers', 'operators', index, key] as const;
    const before = people.slice(0, index);
    const [isUser, whatItIs] = usersOf[vendor];
    if (user !== undefined && !isUser.test(user))
      yield [at('user'), `${quote(user)} is not ${whatItIs}. Names can be given to somebody else.`];
    if (user !== undefined && before.some((one) => one.user === user))
      yield [at('user'), `${quote(user)} is named twice. Each user stands for one person.`];
    if (slack !== undefined && before.some((one) => one.slack === slack))
      yield [at('slack'), `${quote(slack)} is named twice. Each member stands for one person.`];
    if (slack !== undefined && !chat) yield [at('slack'), 'the policy names no Slack workspace. Add `tickets.slack`.'];
  }
}

/** People whose answers never count. */
function* answerWarnings({ tickets: given, approvals }: Pick<Policy, 'tickets' | 'approvals'>): Generator<PlacedProblem> {
  for (const [index, { person }] of (given?.answers?.operators ?? []).entries()) {
    const at = ['tickets', 'answers', 'operators', index, 'person'] as const;
    if (!approvals.approvers.some(({ principals }) => principals.some((one) => isPrincipal(person, one))))
      yield [at, `${person} is no approver: no entry of approvals.approvers matches, so no answer of this user counts.`];
    const [, partition, account, role] = /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(person) ?? [];
    if (approvals.fourEyes && role !== undefined && !isPersonal(`arn:${partition}:iam::${account}:role/${role}`, approvals))
      yield [
        at,
        `four eyes can't tell who ${person} is, and refuses answers about what somebody requested or changed. Name an IAM user, or list the role in approvals.personalSessions.`,
      ];
  }
}

/** A tracker on this machine is for tests. */
export function* ticketWarnings(policy: Pick<Policy, 'tickets' | 'approvals'>): Generator<PlacedProblem> {
  const { tickets: given } = policy;
  yield* answerWarnings(policy);
  if (given?.tracker.url.startsWith('http:'))
    yield [['tickets', 'tracker', 'url'], 'this address is on this machine. The deployed function reaches no tracker there.'];
}
