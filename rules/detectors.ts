/** Findings of GuardDuty that a rule handles. */
export interface Threats {
  /** Finding types: `Policy:S3/BucketBlockPublicAccessDisabled`. */
  readonly types: readonly string[];
  /** Only findings in which the resource was attacked (`TARGET`), or in which it attacks (`ACTOR`). Findings of Runtime Monitoring have no role. */
  readonly resourceRole?: 'ACTOR' | 'TARGET';
  /** Security Hub does not name the resources of the rule in these findings, such as security groups: only events of GuardDuty itself do. */
  readonly nativeOnly?: true;
}

/** Findings of Inspector that a rule handles: of these severities, with a fix, and about packages of the operating system. */
export interface Vulnerabilities {
  /** The type of the finding and that of the resource: `PACKAGE_VULNERABILITY/AWS_EC2_INSTANCE`. */
  readonly types: readonly `${string}/${string}`[];
  /** The first scan of an account sends tens of thousands of events, so that the routes leave out all others. */
  readonly severities: readonly ('CRITICAL' | 'HIGH' | 'MEDIUM' | 'LOW' | 'INFORMATIONAL' | 'UNTRIAGED')[];
}

/** What reports the misconfigurations that a rule fixes. */
export interface Detectors {
  /** Control ids of Security Hub. */
  readonly securityHub: readonly string[];
  /** Names of AWS Config managed rules. */
  readonly config: readonly string[];
  /** Several, if the role matters for some of the types only. */
  readonly guardDuty?: Threats | readonly Threats[];
  /** Finding types of Macie: `Policy:IAMUser/S3BucketPublic`. */
  readonly macie?: readonly string[];
  /** Public access that IAM Access Analyzer found: `PublicAccess/` and the resource type. */
  readonly accessAnalyzer?: readonly `PublicAccess/${string}`[];
  readonly inspector?: Vulnerabilities;
}

/** The names of all detectors of a rule, as findings have them in `detectedBy`. */
export const detectorsOf = ({
  securityHub,
  config,
  guardDuty,
  macie = [],
  accessAnalyzer = [],
  inspector,
}: Detectors): readonly string[] => [
  ...securityHub,
  ...config,
  ...[guardDuty ?? []].flat().flatMap(({ types }) => types),
  ...macie,
  ...accessAnalyzer,
  ...(inspector?.types ?? []),
];
