import type { Place, ResourceKind } from '../../rules/rule';
import { idIn, parseArn } from '../aws/arn';
import type { Finding } from './finding';

/**
 * Where a resource is that detectors report in another account or Region as well: the trail of an organization, or the shadow of a trail of
 * all Regions. Undefined for a resource of this place, or of another kind.
 */
export function placeElsewhere(kind: ResourceKind, { partition, account, region }: Place, arn: string): Place | undefined {
  const parsed = kind.reportedElsewhere ? parseArn(arn) : undefined;
  if (parsed?.partition !== partition || (parsed.account === account && parsed.region === region)) return undefined;
  const own = { partition, account: parsed.account, region: parsed.region };
  return idIn(kind, own, arn) === undefined ? undefined : own;
}

export const ownerElsewhere = (finding: Finding): Place | undefined => {
  const { kind, reported } = finding.resource;
  return 'arn' in reported ? placeElsewhere(kind, finding, reported.arn) : undefined;
};
