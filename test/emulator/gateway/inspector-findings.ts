import type { Place } from './local';

type Package = Readonly<Record<string, string>>;

interface Criteria {
  readonly resourceId?: readonly { readonly value: string }[];
  readonly severity?: readonly { readonly value: string }[];
}

/**
 * An answer of ListFindings, one finding for each vulnerable package of the instance. Only an instance that the request names is looked up.
 * https://docs.aws.amazon.com/inspector/v2/APIReference/API_ListFindings.html
 */
export function findingsFrom(
  packagesOf: (instance: string) => readonly Package[],
  input: Readonly<Record<string, unknown>>,
  place: Place,
): object {
  const {
    filterCriteria: { resourceId = [], severity } = {},
    maxResults = 50,
    nextToken = '0',
  } = input as {
    readonly filterCriteria?: Criteria;
    readonly maxResults?: number;
    readonly nextToken?: string;
  };
  const all = resourceId.flatMap(({ value }) => packagesOf(value).map((one, index) => findingOf(value, one, index, place)));
  const found = all.filter((one) => severity === undefined || severity.some(({ value }) => value === one.severity));
  const [from, to] = [Number(nextToken), Number(nextToken) + maxResults];
  return { findings: found.slice(from, to), ...(to < found.length && { nextToken: String(to) }) };
}

function findingOf(id: string, one: Package, index: number, { account, region }: Place) {
  const { name, arch, version, release, fixedInVersion, vulnerabilityId = `CVE-2026-${1000 + index}`, severity = 'HIGH' } = one;
  const seen = Date.parse(one.lastObservedAt ?? '2026-11-20T09:00:00Z') / 1000;
  return {
    findingArn: `arn:aws:inspector2:${region}:${account}:finding/${id}-${index}`,
    awsAccountId: account,
    type: 'PACKAGE_VULNERABILITY',
    description: 'A vulnerability of the tests.',
    title: `${vulnerabilityId} - ${name}`,
    remediation: { recommendation: { text: 'None Provided' } },
    severity,
    status: 'ACTIVE',
    fixAvailable: 'YES',
    exploitAvailable: 'NO',
    firstObservedAt: seen,
    lastObservedAt: seen,
    updatedAt: seen,
    resources: [{ type: 'AWS_EC2_INSTANCE', id, partition: 'aws', region }],
    packageVulnerabilityDetails: {
      vulnerabilityId,
      source: 'AMAZON_CVE',
      vulnerablePackages: [
        {
          name,
          version,
          ...(arch && { arch }),
          ...(release && { release }),
          epoch: Number(one.epoch ?? 0),
          packageManager: one.packageManager ?? 'OS',
          ...(fixedInVersion && { fixedInVersion }),
        },
      ],
    },
  };
}
