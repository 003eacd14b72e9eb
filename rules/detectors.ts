/** Findings of GuardDuty that a rule handles. */
export interface Threats {
  /** Finding types: `Policy:S3/BucketBlockPublicAccessDisabled`. */
  readonly types: readonly string[];
  /** Only findings in which the resource was attacked (`TARGET`), or in which it attacks (`ACTOR`). Findings of Runtime Monitoring have no role. */
  readonly resourceRole?: 'ACTOR' | 'TARGET';
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
}

/** The names of all detectors of a rule, as findings have them in `detectedBy`. */
export const detectorsOf = ({ securityHub, config, guardDuty, macie = [], accessAnalyzer = [] }: Detectors): readonly string[] => [
  ...securityHub,
  ...config,
  ...[guardDuty ?? []].flat().flatMap(({ types }) => types),
  ...macie,
  ...accessAnalyzer,
];
