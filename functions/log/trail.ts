/**
 * A writer of the log, and the rule that it writes about: the rule's function, the control function, the function that receives requests of
 * other tools, the function of tickets, or the command line of a user.
 */
export type Writer =
  | { readonly by: 'rule'; readonly rule: string }
  | { readonly by: 'control'; readonly rule: string }
  | { readonly by: 'requests'; readonly rule: string }
  | { readonly by: 'tickets'; readonly rule: string }
  | { readonly by: 'local'; readonly rule: string /** `aws:userid` of its caller. */; readonly user: string };

/** The events of one writer about one remediation. */
export type Trail = Writer & { readonly remediation: string };

/** The rule of events about everything, such as a stop. It has no hyphen, so it can't be the id of a rule. */
export const everything = 'posture';

// Rule ids have a hyphen, so `control`, `requests`, `tickets` and `local` are none.
const rule = '[a-z0-9]+(?:-[a-z0-9]+)+';
const ulid = '[0-9A-HJKMNP-TV-Z]{26}';
const keys = {
  rule: new RegExp(`^(?<rule>${rule})/(?<remediation>${ulid})$`),
  control: new RegExp(`^control/(?<rule>${rule}|${everything})/(?<remediation>${ulid})$`),
  requests: new RegExp(`^requests/(?<rule>${rule}|${everything})/(?<remediation>${ulid})$`),
  tickets: new RegExp(`^tickets/(?<rule>${rule})/(?<remediation>${ulid})$`),
  // A session of a role: AROAEXAMPLE:session.
  local: new RegExp(`^local/(?<user>[\\w+=,.@:-]{1,193})/(?<rule>${rule})/(?<remediation>${ulid})$`),
} as const;

/** The partition key of a trail, which begins with its writer: IAM allows each writer only its own. */
export function trailKey(trail: Trail): string {
  const about = `${trail.rule}/${trail.remediation}`;
  if (trail.by === 'rule') return about;
  return trail.by === 'local' ? `local/${trail.user}/${about}` : `${trail.by}/${about}`;
}

/** The trail of a partition key; undefined if it is not the key of a trail. */
export function parseTrail(key: string): Trail | undefined {
  for (const by of ['rule', 'control', 'requests', 'tickets', 'local'] as const) {
    const { rule: about = '', remediation = '', user = '' } = keys[by].exec(key)?.groups ?? {};
    if (about === '') continue;
    return by === 'local' ? { by, user, rule: about, remediation } : { by, rule: about, remediation };
  }
  return undefined;
}

/** A remediation as a person names it: by its id, and by its rule where the id alone is ambiguous. */
export interface RemediationName {
  readonly rule?: string;
  readonly remediation: string;
}

const name = new RegExp(`^(?:(?<rule>${rule}|${everything})/)?(?<remediation>${ulid})$`);

/** Reads `<id>` or `<rule>/<id>`; undefined if it is neither. */
export function parseName(text: string): RemediationName | undefined {
  const { rule: about, remediation } = name.exec(text)?.groups ?? {};
  return remediation === undefined ? undefined : { remediation, ...(about !== undefined && { rule: about }) };
}

/** A remediation by its rule and its id, which is never ambiguous. */
export const nameOf = ({ rule: about, remediation }: { readonly rule: string; readonly remediation: string }): string =>
  `${about}/${remediation}`;
