import { DescribeDomainCommand, type DomainStatus, type EngineType, ListDomainNamesCommand } from '@aws-sdk/client-opensearch';
import { undefinedOn } from '../../absence';
import type { Aws } from '../../rule';

/** The ARNs of domains, for grants. */
export const domains = 'arn:{partition}:es:{region}:{account}:domain/*';

/** A domain; undefined if it does not exist or is being deleted. */
export async function describeDomain(DomainName: string, aws: Aws): Promise<DomainStatus | undefined> {
  const answer = await undefinedOn(['ResourceNotFoundException'], aws.send(new DescribeDomainCommand({ DomainName })));
  return answer?.DomainStatus?.Deleted ? undefined : answer?.DomainStatus;
}

/** The names of the domains in an account and region that run the given engine, or any engine. AWS returns all in one answer. */
export async function listDomains(aws: Aws, EngineType: EngineType | undefined): Promise<string[]> {
  const { DomainNames = [] } = await aws.send(new ListDomainNamesCommand({ EngineType }));
  return DomainNames.flatMap(({ DomainName }) => DomainName ?? []);
}
