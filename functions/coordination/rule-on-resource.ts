/** A rule, and the key of the lease on a resource. */
export interface RuleOnResource {
  readonly rule: string;
  readonly resource: string;
}
