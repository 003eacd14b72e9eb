import type { Aws, Resource, Rule } from '../../rules/rule';
import { aliasesOf } from '../aws/arn';
import { eachOf } from '../concurrency';
import type { Finding } from '../findings/finding';
import { remediationException } from '../sources/config/exception';
import { suppressedFinding } from '../sources/security-hub/suppressed';
import type { OtherRegions } from './other-regions';

export interface SuppressionSought {
  readonly rule: Pick<Rule, 'detectedBy'>;
  readonly finding: Pick<Finding, 'configRule' | 'resource'>;
  readonly resource: Resource;
  readonly now: Date;
}

/** The connections to the account of the resource. */
export interface Connections {
  /** To the Region of the resource. */
  readonly aws: Aws;
  readonly otherRegions: OtherRegions;
}

/** An answer takes about 200 ms, so all Regions are asked within a second or two. */
const maxConcurrency = 4;

/**
 * What somebody has said about the misconfiguration in Security Hub or AWS Config, as a phrase: a suppressed finding of any control of the
 * rule on this resource, or an exception from remediation. Where detectors report the resource in several Regions, each is asked. Undefined
 * if there is none; throws if that can't be read.
 */
export async function suppressionOf(sought: SuppressionSought, { aws, otherRegions }: Connections): Promise<string | undefined> {
  const { finding, resource } = sought;
  const { partition, account } = resource;
  const { reportedIn } = finding.resource.kind;
  const here = await saidIn(aws, sought, aws);
  if (here !== undefined || !reportedIn) return here;
  const regions = await otherRegions.of(reportedIn, resource, aws);
  const said = await eachOf(regions, maxConcurrency, async (region) => {
    try {
      return await saidIn(otherRegions.connect({ partition, account, region }), sought, aws);
    } catch (error) {
      if (isClosed(error)) return undefined;
      throw error;
    }
  });
  return said.find((phrase) => phrase !== undefined);
}

async function saidIn(there: Aws, { rule, finding, resource, now }: SuppressionSought, aws: Aws): Promise<string | undefined> {
  const { kind, reported } = finding.resource;
  const arns = [...new Set([resource.arn, ...aliasesOf(kind, resource.arn), ...('arn' in reported ? [reported.arn] : [])])];
  const suppressed = await suppressedFinding(rule.detectedBy.securityHub, arns, there);
  return suppressed ?? (await remediationException({ finding, resource, aws, configRules: rule.detectedBy.config, now }, there));
}

/** Whether the organization has closed a Region for the account: then nobody in the account says anything there. */
const isClosed = (error: unknown): boolean =>
  error instanceof Error &&
  /Access ?Denied|Unauthorized/i.test(error.name) &&
  error.message.includes('explicit deny in a service control policy');
