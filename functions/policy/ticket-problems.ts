import { quote } from '../untrusted-text';
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

/** Tickets about threats must not be read by all who read tickets. Returns what is wrong. */
function confidentialityProblem({ tracker, responses }: Tickets): PlacedProblem | undefined {
  if (responses === 'none') return undefined;
  const { vendor, project, securityLevel } = tracker;
  if (vendor.startsWith('jira') && securityLevel === undefined)
    return [['tickets', 'tracker'], 'tickets about responses need a security level. Set securityLevel, or tickets.responses to `none`.'];
  if (vendor === 'servicenow' && project !== 'sn_si_incident')
    return [
      ['tickets', 'tracker', 'project'],
      'tickets about responses must be security incidents. Set it to sn_si_incident, or tickets.responses to `none`.',
    ];
  return undefined;
}

/** What is wrong with the section `tickets`, beyond its form. */
export function* ticketProblems({ tickets: given }: { readonly tickets?: Tickets | undefined }): Generator<PlacedProblem> {
  if (!given) return;
  const { tracker: named, open, close } = given;
  const problem = projectProblem(named);
  if (problem !== undefined) yield [['tickets', 'tracker', 'project'], `${quote(named.project)} ${problem}`];
  const shown = confidentialityProblem(given);
  if (shown) yield shown;
  for (const outcome of open.filter((one) => close.includes(one)))
    yield [['tickets', 'close'], `${quote(outcome)} is also in tickets.open. Remove it from one of them.`];
}

/** A tracker on this machine is for tests. */
export function* ticketWarnings({ tickets: given }: { readonly tickets?: Tickets | undefined }): Generator<PlacedProblem> {
  if (given?.tracker.url.startsWith('http:'))
    yield [['tickets', 'tracker', 'url'], 'this address is on this machine. The deployed function reaches no tracker there.'];
}
