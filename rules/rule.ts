import type * as z from 'zod';

/** What a state, a logged input and a parameter are made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

export type Severity = 'critical' | 'high' | 'medium' | 'low';

/** Whether the owner of a resource can notice the fix: `disruptive` can break a client that relies on the fault. */
export type Risk = 'safe' | 'disruptive';

/** Where a resource lives. */
export interface Place {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
}

/** One resource of one account and region; `id` is what its API wants (bucket name, group id, user name). */
export interface Resource extends Place {
  /** CloudFormation type, such as `AWS::S3::Bucket`. */
  readonly type: string;
  readonly id: string;
  /** Its ARN; for an account, Security Hub's `AWS::::Account:<account id>`. */
  readonly arn: string;
}

export type Tags = Readonly<Record<string, string>>;

/** Any command of the AWS SDK. */
export interface AwsCommand<Output = object> {
  readonly input: object;
  resolveMiddleware(stack: never, configuration: never, options?: never): (args: never) => Promise<{ output: Output }>;
}

/** Sends commands to the account and region of the resource, with the rule's own role. */
export interface Aws {
  send<Output>(command: AwsCommand<Output>): Promise<Output>;
}

/** IAM actions, and the ARNs they are held on: `{partition}`, `{region}` and `{account}` are filled in, `*` is a wildcard. */
export interface Grant {
  readonly actions: readonly string[];
  readonly on: string | readonly string[];
  /** An IAM condition block, for the rare action that needs one (`iam:PassRole`). */
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A sort of resource: how its ARN reads, and how its tags are read. Shared by the rules that look at it. */
export interface ResourceKind {
  /** CloudFormation type, as AWS Config names it. */
  readonly type: string;
  /** Security Hub's name, where it is not the CloudFormation type without colons: `AwsElbv2LoadBalancer`. */
  readonly securityHubType?: string;
  /**
   * The ARN with `{partition}`, `{region}`, `{account}`, and one of `{id}` (no `:` or `/` in it), `{slashedId}` (`/` may separate its parts) and `{freeId}` (whatever can be printed);
   * `{name}` for a part that is not the id (`{freeName}`: whatever can be printed, but for `:` and `/`), `{path}` for an IAM path (`/` at its end, or empty), `{slash}` for one that may stand before, `{wildcard}` for a `:*` that may follow.
   */
  readonly arn: string;
  /** A `global` resource is one and the same in all regions. */
  readonly scope: 'global' | 'regional';
  /** For a global service, the region of each partition in which CloudTrail records its events: `us-east-1` of `aws`. */
  readonly recordedIn?: Readonly<Record<string, string>>;
  /** The live tags, where the resource can carry any: they may exempt it. A refusal to read them means no change. */
  readonly tags?: (resource: Resource, aws: Aws) => Promise<Tags>;
  /** The ARN for an id of AWS Config that is not the `{id}` of the ARN; undefined when there is no such resource. */
  readonly resolve?: (id: string, place: Place, aws: Aws) => Promise<string | undefined>;
  /** What `tags` and `resolve` read. */
  readonly permissions?: readonly Grant[];
}

/** There is no such resource: `inspect` returns it. */
export const notFound = Symbol('the resource is gone');

/**
 * One command, with the way back. `nearest` says why `undo` reaches only the nearest state to the one before;
 * `'take-back'` leaves the way back to the rule's `takeBack`, for a thing whose id only AWS knows.
 * Irreversible changes come last in a plan, and what comes before must not depend on them: they wait for an approval.
 */
export type Change = {
  readonly do: AwsCommand;
  /** Names of errors by which AWS says that it does not know an earlier change of the plan everywhere yet (a new role): sent again for half a minute. */
  readonly retryOn?: readonly string[];
} & ({ readonly undo: AwsCommand | 'revert-own-part'; readonly nearest?: string } | { readonly irreversible: string });

/**
 * Why nothing can be done, as a sentence: `blocked` resolves by itself (the resource is being modified), `unfixable` does not.
 * `code` names the reason for software, in lower case with hyphens (`no-https-listener`), and stays the same when the sentence changes.
 */
export type Obstacle = ({ readonly blocked: string } | { readonly unfixable: string }) & { readonly code?: string };

/** The changes that would make the resource compliant: none means that it is. */
export type Plan = readonly Change[] | Obstacle;

export interface PlanContext<Parameters> {
  readonly parameters: Parameters;
  /** The control or AWS Config rule that found it, one of the rule's `detectedBy`: `EC2.13`, `restricted-ssh`. */
  readonly detectedBy: string;
  readonly now: Date;
}

export interface RevertContext<State, Parameters> {
  /** The state before the fix, as logged. */
  readonly before: State;
  /** The state right after the fix, as logged. */
  readonly after: State;
  readonly parameters: Parameters;
}

/** A class of an SDK client, such as `S3Client`. */
// biome-ignore lint/suspicious/noExplicitAny: each client's configuration has a type of its own, and no common one.
export type ClientClass = new (configuration: any) => { send(command: never): Promise<unknown>; destroy(): void };

/** A class of an SDK command, such as `PutBucketVersioningCommand`. */
// biome-ignore lint/suspicious/noExplicitAny: each command's input has a type of its own, and no common one.
export type CommandClass = new (input: any) => AwsCommand;

/** What a finding is about, how to look at it, and what would put it right. */
export interface Rule<State extends Json = Json, Parameters = unknown> {
  /** The service and what the rule ensures; also its path, `rules/<service>/<rest of the id>.ts`. */
  readonly id: string;
  /** The wished state, in a sentence without a full stop. */
  readonly title: string;
  /** What can happen otherwise. */
  readonly why: string;
  /** What the owner of the resource notices of the fix, and what it costs. */
  readonly impact: string;
  readonly severity: Severity;
  readonly risk: Risk;
  /** How far a rollback leads back; left out, to the very state before. `partly`: some changes are irreversible; `never`: all are. */
  readonly reversible?: 'nearly' | 'partly' | 'never';
  readonly resource: ResourceKind | readonly ResourceKind[];
  /** The CloudFormation property that an owner whose template makes the resource changes instead: `VersioningConfiguration.Status`. */
  readonly property?: string;
  /** Security Hub control ids, and the names of AWS Config managed rules. */
  readonly detectedBy: { readonly securityHub: readonly string[]; readonly config: readonly string[] };
  readonly permissions: { readonly inspect: Grant | readonly Grant[]; readonly change: Grant | readonly Grant[] };
  /** The clients that its commands need. */
  readonly clients: readonly ClientClass[];
  /** The commands of its changes and of their undo, so that a logged call can be sent again. */
  readonly commands: readonly CommandClass[];
  /** Validates the parameters; one without a default has to be set before the rule can fix anything. */
  readonly parameters?: z.ZodType<Parameters>;
  /** How long the change may take until `inspect` shows it, in seconds; 20 if left out. More than 20 is left to a second look. */
  readonly settle?: number;
  /**
   * Reads the live resource, and what the parameters name. The state holds what `plan` needs and no more, and nothing that changes by itself.
   * `now` is for a rule that reads what has happened of late, such as a metric; whoever runs rules passes it.
   */
  inspect(resource: Resource, aws: Aws, parameters?: Parameters, now?: Date): Promise<State | typeof notFound>;
  /** Pure: the changes that lead from the state to a compliant one. */
  plan(resource: Resource, state: State, context: PlanContext<Parameters>): Plan;
  /** Pure: the commands that take back this rule's part alone, where others have changed the resource since; undefined if that can't be told. */
  revertOwnPart?(resource: Resource, now: State, context: RevertContext<State, Parameters>): readonly AwsCommand[] | undefined;
  /** The ids of the resources in an account and region that the rule looks at (the `{id}` or the ARN). */
  list?(place: Place, aws: Aws): Promise<readonly string[]>;
}

/** A rule of the catalogue, its types inferred: state from `inspect`, parameters from their schema. */
export const defineRule = <State extends Json, Parameters = Record<string, never>>(
  rule: Rule<State, Parameters>,
): Rule<State, Parameters> => rule;

/** The one or several things that a field of a rule holds, as a list. */
export const toArray = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);
