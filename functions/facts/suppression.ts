import type { Aws, Resource, Rule } from '../../rules/rule';
import { aliasesOf } from '../aws/arn';
import { eachOf } from '../concurrency';
import type { Finding } from '../findings/finding';
import { remediationException } from '../sources/config/exception';
import { isService } from '../sources/security-hub/services/product';
import { suppressedFinding } from '../sources/security-hub/suppressed';
import { suppressedFindingV2 } from '../sources/security-hub/v2/suppressed';
import { hubFindingOf } from '../sources/verdict';
import { sanitize } from '../untrusted-text';
import type { OtherRegions } from './other-regions';
import type { RecentSuppressions } from './recent-suppressions';

export interface SuppressionSought {
  readonly rule: Pick<Rule, 'detectedBy'>;
  readonly finding: Pick<Finding, 'id' | 'source' | 'configRule' | 'resource' | 'securityHub' | 'securityHubV2'>;
  readonly resource: Resource;
  readonly now: Date;
  /** Whether Security Hub is asked for its findings in OCSF, too: where they are processed, people suppress them. */
  readonly asksV2: boolean;
}

/** The connections to the account of the resource. */
export interface Connections {
  /** To the Region of the resource. */
  readonly aws: Aws;
  readonly otherRegions: OtherRegions;
  /** Left out, Security Hub is asked for the findings of each resource. */
  readonly recentSuppressions?: RecentSuppressions | undefined;
}

/** An answer takes about 200 ms, so all Regions are asked within a second or two. */
const maxConcurrency = 4;

/**
 * What somebody has said about the misconfiguration in Security Hub or AWS Config, as a phrase: a suppressed finding of any control of the
 * rule on this resource, or an exception from remediation. Where detectors report the resource in several Regions, each is asked. Undefined
 * if there is none; throws if that can't be read.
 */
export async function suppressionOf(
  sought: SuppressionSought,
  { aws, otherRegions, recentSuppressions }: Connections,
): Promise<string | undefined> {
  const { finding, resource } = sought;
  const { partition, account, region } = resource;
  const { reportedIn } = finding.resource.kind;
  const recent =
    recentSuppressions &&
    ((controls: readonly string[], arns: readonly string[]) => recentSuppressions.of(controls, arns, { account, region }, aws));
  const here = await saidIn(aws, sought, aws, recent);
  if (here !== undefined || !reportedIn) return here;
  const regions = await otherRegions.of(reportedIn, resource, aws);
  const said = await eachOf(regions, maxConcurrency, async (region) => {
    try {
      // Security Hub in OCSF need not be enabled in all Regions, and reports where the resource is.
      return await saidIn(otherRegions.connect({ partition, account, region }), { ...sought, asksV2: false }, aws);
    } catch (error) {
      if (isClosed(error)) return undefined;
      throw error;
    }
  });
  return said.find((phrase) => phrase !== undefined);
}

type Suppressed = (controls: readonly string[], arns: readonly string[]) => Promise<string | undefined>;

async function saidIn(
  there: Aws,
  { rule, finding, resource, now, asksV2 }: SuppressionSought,
  aws: Aws,
  suppressedIn: Suppressed = (controls, arns) => suppressedFinding(controls, arns, there),
): Promise<string | undefined> {
  const { kind, reported } = finding.resource;
  const arns = [...new Set([resource.arn, ...aliasesOf(kind, resource.arn), ...('arn' in reported ? [reported.arn] : [])])];
  const controls = rule.detectedBy.securityHub;
  const [own, suppressed, suppressedV2, exception] = await Promise.all([
    suppressedItself(finding, there),
    suppressedIn(controls, arns),
    asksV2 ? suppressedFindingV2(controls, [...new Set([...arns, resource.id])], there) : undefined,
    remediationException({ finding, resource, aws, configRules: rule.detectedBy.config, now }, there),
  ]);
  return own ?? suppressed ?? suppressedV2 ?? exception;
}

/** A finding of a service that came by Security Hub has no control by which it could be found: it is asked for itself. */
async function suppressedItself(finding: SuppressionSought['finding'], there: Aws): Promise<string | undefined> {
  if (!isService(finding.source)) return undefined;
  const found = await hubFindingOf(finding, there);
  return found?.workflow === 'SUPPRESSED' ? `the finding ${sanitize(finding.id, 300)} is SUPPRESSED in Security Hub` : undefined;
}

/** Whether the organization has closed a Region for the account: then nobody in the account says anything there. */
const isClosed = (error: unknown): boolean =>
  error instanceof Error &&
  /Access ?Denied|Unauthorized/i.test(error.name) &&
  error.message.includes('explicit deny in a service control policy');
