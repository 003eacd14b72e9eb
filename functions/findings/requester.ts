const prefix = 'posture.finding.';

/** The name of a requester in the policy: a part of a source name of EventBridge. */
export const requesterName = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
export const maxRequesterName = 40;

/** The `detail-type` of a request. */
export const requestDetailType = 'Remediation Requested';

/** The source name of the events of a requester, which belongs to it alone. */
export const sourceOf = (requester: string): string => `${prefix}${requester}`;

/** The requester whose events have this source; undefined for any other source. */
export function requesterIn(source: string): string | undefined {
  if (!source.startsWith(prefix)) return undefined;
  const name = source.slice(prefix.length);
  return name.length <= maxRequesterName && requesterName.test(name) ? name : undefined;
}

/** How much of a request is read and logged, in characters. */
export const maxReference = 128;
export const reference = /^[!-~](?:[ -~]*[!-~])?$/;
export const maxEvidence = 20;
export const maxEvidenceText = 500;
export const evidenceName = /^[A-Za-z][\w.-]{0,63}$/;

/** The id of a finding that a tool reports by a request: the same for all requests with one reference. */
export const findingIdOf = (requester: string, said: string): string => `${sourceOf(requester)}/${said}`;
