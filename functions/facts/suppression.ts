import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { type Aws, type ClientClass, type Place, type Resource, type Rule, toArray } from '../../rules/rule';
import { aliasesOf } from '../aws/arn';
import type { Finding } from '../findings/finding';
import { remediationException } from '../sources/config/exception';
import { suppressedFinding } from '../sources/security-hub/suppressed';

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
  readonly connect: (place: Place) => Aws;
}

/**
 * What somebody has said about the misconfiguration in Security Hub or AWS Config, as a phrase: a suppressed finding of any control of the
 * rule on this resource, or an exception from remediation. Of a global resource, in each Region that is enabled in the account. Undefined if
 * there is none; throws if that can't be read.
 */
export async function suppressionOf(sought: SuppressionSought, { aws, connect }: Connections): Promise<string | undefined> {
  const { rule, finding, resource, now } = sought;
  const { partition, account, region } = resource;
  const { kind, reported } = finding.resource;
  const arns = [...new Set([resource.arn, ...aliasesOf(kind, resource.arn), ...('arn' in reported ? [reported.arn] : [])])];
  const regions = kind.scope === 'global' ? await enabledRegions(aws) : [];
  const said = await Promise.all(
    [region, ...regions.filter((one) => one !== region)].map(async (each) => {
      const there = each === region ? aws : connect({ partition, account, region: each });
      try {
        const suppressed = await suppressedFinding(rule.detectedBy.securityHub, arns, there);
        return suppressed ?? (await remediationException({ finding, resource, configRules: rule.detectedBy.config, now }, there));
      } catch (error) {
        if (each !== region && isClosed(error)) return undefined;
        throw error;
      }
    }),
  );
  return said.find((phrase) => phrase !== undefined);
}

async function enabledRegions(aws: Aws): Promise<readonly string[]> {
  const { Regions = [] } = await aws.send(new DescribeRegionsCommand({}));
  return Regions.flatMap(({ RegionName }) => RegionName ?? []);
}

/** Whether the organization has closed a Region for the account: then nobody in the account says anything there. */
const isClosed = (error: unknown): boolean =>
  error instanceof Error &&
  /Access ?Denied|Unauthorized/i.test(error.name) &&
  error.message.includes('explicit deny in a service control policy');

/** The clients that this needs besides those of Security Hub and AWS Config. */
export const clientsOfRegions = (resource: Rule['resource']): readonly ClientClass[] =>
  toArray(resource).some(({ scope }) => scope === 'global') ? [EC2Client] : [];
