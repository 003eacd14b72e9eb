import {
  DescribeRemediationExceptionsCommand,
  type DescribeRemediationExceptionsCommandOutput,
  type RemediationException,
} from '@aws-sdk/client-config-service';
import type { Aws, Resource } from '../../../rules/rule';
import { bareArn } from '../../aws/arn';
import type { Finding } from '../../findings/finding';
import { sanitize } from '../../untrusted-text';

/** So many exceptions of one Config rule are compared with a resource whose id AWS Config does not have in its ARN. */
const maxCompared = 100;

export interface ExceptionSought {
  readonly finding: Pick<Finding, 'configRule' | 'resource'>;
  readonly resource: Resource;
  /** The connection to the Region of the resource, whose service knows the ids. */
  readonly aws: Aws;
  /** The names of the AWS Config managed rules. */
  readonly configRules: readonly string[];
  readonly now: Date;
}

/**
 * The exception from remediation that somebody has entered in AWS Config of a Region for the resource, as a phrase; undefined if there is none. It is
 * looked for under the Config rule of the finding, and under the names of the managed rules.
 */
export async function remediationException(sought: ExceptionSought, there: Aws): Promise<string | undefined> {
  const { finding, configRules } = sought;
  for (const name of new Set([...(finding.configRule === undefined ? [] : [finding.configRule]), ...configRules])) {
    for (const exception of await exceptionsOf(name, sought, there)) {
      if (await isOf(exception, sought)) return phraseOf(name, exception);
    }
  }
  return undefined;
}

function phraseOf(name: string, { ExpirationTime: end, Message: why }: RemediationException): string {
  const until = end === undefined ? '' : `, until ${end.toISOString()}`;
  return `the Config rule ${name} has a remediation exception for the resource${until}${why ? ` (${sanitize(why, 300)})` : ''}`;
}

/** The exceptions of a Config rule in force for the resource; for a type whose ids only `resolve` knows, all for the type. */
async function exceptionsOf(
  ConfigRuleName: string,
  { finding, resource, now }: ExceptionSought,
  there: Aws,
): Promise<readonly RemediationException[]> {
  const { kind } = finding.resource;
  const own = idsOf(finding, resource).map((ResourceId) => ({ ResourceType: kind.type, ResourceId }));
  const found: RemediationException[] = [];
  let NextToken: string | undefined;
  try {
    do {
      const page: DescribeRemediationExceptionsCommandOutput = await there.send(
        new DescribeRemediationExceptionsCommand({
          ConfigRuleName,
          ...(kind.resolve ? {} : { ResourceKeys: own }),
          NextToken,
        }),
      );
      found.push(...(page.RemediationExceptions ?? []).filter(({ ResourceType }) => ResourceType === kind.type));
      if (found.length > maxCompared)
        throw new Error(
          `The Config rule ${ConfigRuleName} has more than ${maxCompared} remediation exceptions, which are not all compared.`,
        );
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchConfigRuleException') return [];
    throw error;
  }
  return found.filter(({ ExpirationTime: end }) => end === undefined || end > now);
}

async function isOf({ ResourceId }: RemediationException, { finding, resource, aws }: ExceptionSought): Promise<boolean> {
  if (ResourceId === undefined) return false;
  if (idsOf(finding, resource).includes(ResourceId)) return true;
  const arns = (await finding.resource.kind.resolve?.(ResourceId, resource, aws)) ?? [];
  return arns.some((arn) => bareArn(finding.resource.kind, arn) === resource.arn);
}

/** The ids that AWS Config can have for the resource, as far as they are known. */
function idsOf({ resource: { reported } }: Pick<Finding, 'resource'>, { id, arn }: Resource): readonly string[] {
  return [...new Set([id, arn, 'arn' in reported ? reported.arn : reported.configId])];
}
