import type { Outcome } from '../../functions/log/event';
import type { Aws, ClientClass, Evidence, Json } from '../../rules/rule';

/** An emulator account of its own, to put resources into. */
export interface World extends Aws {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  /** The same account in another region. */
  in(region: string): World;
}

/** One starting state. */
export interface Start {
  /** Makes the resource as the name of the start says; its id, or its ARN where the id does not tell. */
  readonly seed: (world: World) => Promise<string>;
  /** The id by which AWS Config knows the resource, where it is not that of the ARN. */
  readonly configId?: (world: World, id: string) => Promise<string>;
  /** What found it; the first of the rule's controls if left out. */
  readonly detectedBy?: string;
  /** The parameters that the finding carries, by the names of the detector. */
  readonly found?: Readonly<Record<string, string>>;
  /** What the source of the finding knows beside the resource. */
  readonly evidence?: (world: World, id: string) => Promise<Evidence>;
  /** Over those of the scenario. */
  readonly parameters?: Readonly<Record<string, Json>>;
}

export interface Violation extends Start {
  /** What must still hold once the rule has fixed it: the lookalikes beside the fault, the grants kept. */
  readonly fixed?: (world: World, id: string) => Promise<void>;
  /** How it ends; `fixed` if left out, `partly-fixed` where irreversible changes wait for an approval, or no call fixes the rest, `asked` where there are no others. */
  readonly outcome?: 'fixed' | 'partly-fixed' | 'awaiting-approval';
  /** What somebody else does between the fix and the rollback. */
  readonly meanwhile?: (world: World, id: string) => Promise<void>;
  /** How the rollback then ends; `rolled-back` if left out. */
  readonly rollback?: Extract<Outcome, 'rolled-back' | 'rollback-refused'>;
  /** What must hold after the rollback, where the state is not the very same as before (a nearest state, or one that others changed). */
  readonly rolledBack?: (world: World, id: string) => Promise<void>;
}

export interface Obstacle extends Start {
  readonly outcome: Extract<Outcome, 'unfixable' | 'blocked' | 'exempt' | 'not-configured' | 'already-compliant' | 'resource-not-found'>;
  /** A part of the reason that the log gives. */
  readonly reason?: RegExp;
}

/** The starting states of one rule, named in words: `a bucket whose policy has one statement as an object`. */
export interface Scenario {
  /** Clients that only the seeds need. */
  readonly clients?: readonly ClientClass[];
  /** For every start; by the world where they name what is in the account. */
  readonly parameters?: Readonly<Record<string, Json>> | ((world: World) => Readonly<Record<string, Json>>);
  readonly violations: Readonly<Record<string, Violation>>;
  /** Compliant ones, among them those that look like a violation. */
  readonly compliant: Readonly<Record<string, Start>>;
  /** States in which nothing can be done, or nothing now. */
  readonly obstacles?: Readonly<Record<string, Obstacle>>;
  /** The id or the ARN of a resource that isn't there (`{partition}`, `{region}` and `{account}` are filled in); `'always there'` for a setting of an account. */
  readonly missing: string;
  /**
   * By IAM action, the ARNs that its calls act on, where they are others than the input tells (`{partition}`, `{region}` and `{account}` are filled in):
   * `{ 'iam:CreateServiceLinkedRole': 'arn:{partition}:iam::{account}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig' }`.
   */
  readonly touches?: Readonly<Record<string, string | readonly string[]>>;
  /** Grants that the emulator can't show in use, with the reason: an action, or an action on one of its ARNs (`ec2:CreateVpcEndpoint on arn:…:security-group/*`). */
  readonly unexercised?: Readonly<Record<string, string>>;
}
