import type * as z from 'zod';
import type { Detectors } from './detectors';
import type { RecordedCalls } from './recorded-calls';

/** The values of a state, a logged input or a parameter. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

export type Severity = 'critical' | 'high' | 'medium' | 'low';

/** The effect on clients: `disruptive` can break one that relies on the misconfiguration. */
export type Risk = 'safe' | 'disruptive';

/** The location of a resource. */
export interface Place {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
}

/** One resource of one account and region. `id` is its identifier in the API of its service (bucket name, group ID, user name). */
export interface Resource extends Place {
  /** CloudFormation type, such as `AWS::S3::Bucket`. */
  readonly type: string;
  readonly id: string;
  /** Its ARN. For an account, Security Hub's `AWS::::Account:<account id>`. */
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

/** IAM actions and the ARNs they apply to: `{partition}`, `{region}` and `{account}` are replaced, `*` is a wildcard. */
export interface Grant {
  readonly actions: readonly string[];
  readonly on: string | readonly string[];
  /** An IAM condition block, for the rare action that needs one (`iam:PassRole`). */
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** The Regions in which detectors report one and the same resource. */
export interface ReportedIn {
  readonly regions: (aws: Aws) => Promise<readonly string[]>;
  /** The clients and permissions that `regions` needs. */
  readonly clients: readonly ClientClass[];
  readonly permissions: readonly Grant[];
}

/** Names of resources that must not be turned against this product, or what deploys it. */
export interface OwnNames {
  /** With wildcards, in lower case. */
  readonly pattern: string;
  /** What has such a name: `a role of this product`. */
  readonly what: string;
  /** How responses treat what has such a name: `asks`, where anybody in the account may have given it. */
  readonly contained: 'never' | 'asks';
}

/** A resource type: the format of its ARN, and how to read its tags. Shared by the rules for it. */
export interface ResourceKind {
  /** CloudFormation type, as AWS Config names it. */
  readonly type: string;
  /** Security Hub's name, if it differs from the CloudFormation type without colons: `AwsElbv2LoadBalancer`. */
  readonly securityHubType?: string;
  /**
   * The ARN with `{partition}`, `{region}`, `{account}`, and one of `{id}` (without `:` or `/`), `{slashedId}` (parts separated by `/`) and `{freeId}` (any characters);
   * `{name}` for a part that is not the ID (`{freeName}`: any characters except `/`), `{path}` for an IAM path (empty, or with a `/` at its end), `{slash}` for an optional leading one, `{wildcard}` for an optional trailing `:*`.
   */
  readonly arn: string;
  /** The form of the ID, if the service allows more or fewer names than the placeholder: no anchors, no named groups. */
  readonly name?: RegExp;
  /**
   * Other forms in which detectors name it, with the placeholders of `arn`, and `{host}`: `https://{host}/{account}/{id}`. The ARN that Security Hub
   * makes of the type (`arn:aws:rds:eu-west-1:111122223333:dbinstance:db-ABC`) needs no entry.
   */
  readonly alsoAs?: readonly string[];
  /** Only for a type with resources of this product; the first that matches applies. */
  readonly ownNames?: readonly OwnNames[];
  /** The form of IDs that AWS assigns, which some reports have where the ARN has the name: `resolve` is asked before such an ARN is believed. */
  readonly assignedId?: RegExp;
  /**
   * It is a part, or a state, of a resource of another kind, and is changed by changing that: one worker at a time has both, and a response that
   * contains that one contains both. `id`: that of the other resource; undefined if it can't be told.
   */
  readonly partOf?: { readonly kind: ResourceKind; readonly id: (id: string) => string | undefined };
  /** AWS also reports it to accounts and Regions that it does not belong to, as an organization trail: nothing is changed there. */
  readonly reportedElsewhere?: true;
  /** It is who acts: containing it takes access from people or workloads, so that few are contained in an hour. */
  readonly identity?: true;
  /** A `global` resource is the same in all regions. */
  readonly scope: 'global' | 'regional';
  /** Only for a resource that detectors report in several Regions, as an IAM user: those Regions, in each of which people may suppress it. */
  readonly reportedIn?: ReportedIn;
  /** The input fields by which commands name it, with their values. Left out for an account: each command is in the `targets` of its rule. */
  readonly target?: (resource: Resource) => Target;
  /** For a global service, the region of each partition in which CloudTrail records its events: `us-east-1` in `aws`. */
  readonly recordedIn?: Readonly<Record<string, string>>;
  /**
   * Whether CloudTrail's event history names it by its id or by its ARN; only where the API of the service doesn't accept both, so that no
   * caller chooses. Left out, it is looked up under both.
   */
  readonly recordedBy?: 'id' | 'arn';
  /** The calls after which the resource is looked at again, in real time. Left out for a setting of an account, where they differ by rule. */
  readonly changedBy?: RecordedCalls;
  /** The current tags, if the type supports tags: they may exempt the resource. If they cannot be read, nothing is changed. */
  readonly tags?: (resource: Resource, aws: Aws) => Promise<Tags>;
  /**
   * The ARNs of the resources with this ID or this name, as detectors give it where it does not tell the ARN: none if no such resource exists, several
   * if one has the ID of another as its name. Undefined for what it can't look up.
   */
  readonly resolve?: (id: string, place: Place, aws: Aws) => Promise<readonly string[] | undefined>;
  /** The permissions that `tags` and `resolve` need. */
  readonly permissions?: readonly Grant[];
}

/** Returned by `inspect` if the resource does not exist. */
export const notFound = Symbol('resource not found');

/**
 * One command, with its rollback. `nearest` says why `undo` restores only a state close to the previous one;
 * `'revert-own-part'` leaves the rollback to the rule's `revertOwnPart`, for a resource whose ID AWS assigns.
 * Irreversible changes come last in a plan and wait for an approval; earlier changes must not depend on them.
 * `evidence`, only in a plan with other changes: it adds a copy of what the resource holds, such as a snapshot, which no rollback deletes, and says who does. It
 * is sent beside the other changes, which don't wait for it, whether it is slow or fails. Sent twice in one remediation, it must collect nothing twice.
 */
export type Change = {
  readonly do: AwsCommand;
  /** What an approver should know of it, as a sentence: when the key that it deactivates was last used. No part of what is approved. */
  readonly note?: string;
  /** Why a person has to approve the plan, whatever the mode of the policy, as a part of a sentence. The other way round, nothing that a rule says permits a change. */
  readonly asks?: string;
  /** Only of a response: it takes the resource out of a group of so many members, of which responses take a part in an hour, and no more. */
  readonly takesFrom?: { readonly group: string; readonly size: number };
  /**
   * A text that AWS reads from a URL, such as a list of packages. The input of the command has `placeholderOf(document)` in the place of the URL, until it is sent.
   * Only for a rule with `documents`.
   */
  readonly document?: string;
  /** Error names by which AWS says that an earlier change of the plan (a new role) is not yet visible everywhere: the command is sent again for half a minute. */
  readonly retryOn?: readonly string[];
} & (
  | { readonly undo: AwsCommand | 'revert-own-part'; readonly nearest?: string }
  | { readonly irreversible: string }
  | { readonly evidence: string }
);

/** Why the rule cannot fix the resource until somebody acts, as a sentence; `code` as in `Obstacle`. */
export type Unfixable = { readonly unfixable: string; readonly code: string };

/**
 * Why nothing can be changed, as a sentence: `blocked` resolves by itself (the resource is being modified), `unfixable` does not.
 * `code` names the reason for software, in lower case with hyphens (`no-https-listener`), and stays the same when the sentence changes.
 */
export type Obstacle = Unfixable | { readonly blocked: string; readonly code: string };

/** The changes that make the resource compliant: an empty list if it already is. */
export type Plan = readonly Change[] | Obstacle;

/** A copy that was collected as evidence. */
export type Collected = {
  /** Its ARN or ID. */
  readonly id: string;
  /** What it is a copy of. */
  readonly of: string;
  /** When AWS began it, ISO 8601. */
  readonly at: string;
  /** The ARN or ID of the KMS key that encrypts it; absent if none does. */
  readonly key?: string;
  /** What protects or shares it, in the words of AWS: `locked until 2027-01-31`. */
  readonly custody?: readonly string[];
};

/**
 * What only the source of a finding knows, as texts by name. GuardDuty gives `accessKeyId`, `principalId` (of a role with the name of its session:
 * `AROAEXAMPLE:i-0123456789abcdef0`), `remoteAddress` (the address of the other side) and `lastSeenAt` (of the last activity, ISO 8601); other tools
 * give what they know.
 */
export type Evidence = Readonly<Record<string, string>>;

export interface CollectedFor {
  /** The ID of the remediation. */
  readonly remediation: string;
  /** The ID of the finding. */
  readonly finding: string;
}

export interface PlanContext<Parameters> {
  readonly parameters: Parameters;
  /** The control, AWS Config rule or finding type that reported it, one of the `detectedBy` of the rule: `EC2.13`, `restricted-ssh`. */
  readonly detectedBy: string;
  readonly now: Date;
  /** What the detector demands, as far as its parameters say so: what also `parameters` has, unless the policy sets it. */
  readonly demanded?: Partial<Parameters>;
  /** The codes by which Security Hub says why the control failed, if it does. */
  readonly reasons?: readonly string[];
  /** Of an untrusted finding: what it names need not exist, nor belong to the resource. */
  readonly evidence?: Evidence;
  /** What evidence is collected for, and labeled with. Left out where nothing is carried out. The ID of the finding is untrusted. */
  readonly collectedFor?: CollectedFor;
  /**
   * Whether the tags of a part of the resource, such as a security group rule, exempt it. The rule asks for each noncompliant part with tags of its own,
   * and leaves the exempt ones; `part` names it in the reason. Left out, none is exempt.
   */
  isExempt?(part: string, tags: Tags): boolean;
}

export interface RevertContext<State, Parameters> {
  /** The state before the fix, as logged. */
  readonly before: State;
  /** The state right after the fix, as logged. */
  readonly after: State;
  readonly parameters: Parameters;
}

/**
 * The input fields of a command that name what it acts on (`GroupId`, `FlowLogIds[]` for each of a list), with the names that each may have,
 * or how to tell them; null for a field that must be absent. `{}`: nothing is named, as for a setting of the account and region.
 */
export type Target = Readonly<Record<string, null | string | readonly string[] | ((name: string) => boolean)>>;

/** By operation. A list: one of these targets. */
export type Targets = Readonly<Record<string, Target | readonly Target[]>>;

export interface TargetContext<State, Parameters> {
  /** The state right before the command is sent: inspected, not read from the log. */
  readonly now: State;
  /** The state before the fix, as logged: only for what the resource no longer shows, such as an address that the rule removed. */
  readonly before: State;
  readonly parameters: Parameters;
}

/** A parameter of a detector that sets one of the rule. */
export interface MappedParameter {
  /** The parameter of the rule. */
  readonly sets: string;
  /** Its value for a text of the detector; undefined if the rule cannot follow it. */
  readonly read: (text: string) => Json | undefined;
  /** The value that satisfies two detectors at once; undefined if none does. */
  readonly strictest: (one: Json, other: Json) => Json | undefined;
  /** No value satisfies two detectors that differ. */
  readonly exact?: true;
  /** A stricter value takes more away: clients lose access, or something is removed or expires sooner. */
  readonly cuts?: true;
  /** What the detector judges by where the parameter is not given; left out, it then demands nothing. */
  readonly absent?: string;
  /** What the rule requires for this detector where nothing sets a parameter that has no default. */
  readonly usual?: Json;
}

/**
 * What a rule makes of a parameter of a detector. `irrelevant`: why it does not change what the rule has to do. `unmappable`: why the rule
 * cannot follow it; the texts in `except` ask for nothing that the rule does not do.
 */
export type DetectorParameter =
  | MappedParameter
  | { readonly irrelevant: string }
  | { readonly unmappable: string; readonly except?: readonly string[] };

/** By control or AWS Config rule, then by the name of the parameter, whose case does not matter. */
export type DetectorParameters = Readonly<Record<string, Readonly<Record<string, DetectorParameter>>>>;

/** Whether AWS permits something to the role of a rule, as a drill found. */
export interface Permission {
  /** The IAM action, or the operation of a dry run: `ec2:ModifyInstanceAttribute`. */
  readonly action: string;
  /** The ARN or ID on which it was asked; `*` for an action without resources. */
  readonly on: string;
  readonly verdict: 'allowed' | 'denied' | 'unknown';
  /** Why it is not allowed or not known. */
  readonly why?: string;
}

/** How a drill asks AWS whether a response could be carried out. Nothing of it changes anything. */
export interface Drill<State> {
  /** Whether IAM permits the grants to the role, in this place. */
  permits(grants: readonly Grant[], role: string, place: Place, aws: Aws): Promise<readonly Permission[]>;
  /** Pure: requests for the resource that AWS only checks, as of EC2 with `DryRun`. */
  dryRuns?(resource: Resource, state: State): readonly AwsCommand[];
}

/** A class of an SDK client, such as `S3Client`. */
// biome-ignore lint/suspicious/noExplicitAny: each client's configuration has a type of its own, and no common one.
export type ClientClass = new (configuration: any) => { send(command: never): Promise<unknown>; destroy(): void };

/** A class of an SDK command, such as `PutBucketVersioningCommand`. */
// biome-ignore lint/suspicious/noExplicitAny: each command's input has a type of its own, and no common one.
export type CommandClass = new (input: any) => AwsCommand;

/** What a rule inspects, and how it fixes it. */
export interface Rule<State extends Json = Json, Parameters = unknown> {
  /** The service and what the rule ensures; also its path, `rules/<service>/<rest of the id>.ts`. */
  readonly id: string;
  /** The expected state, as a sentence without a full stop. */
  readonly title: string;
  /** The risk of the misconfiguration. */
  readonly why: string;
  /** What the owner of the resource notices of the fix, and its cost. */
  readonly impact: string;
  readonly severity: Severity;
  readonly risk: Risk;
  /**
   * As long as the misconfiguration lasts, anybody on the internet may reach the resource, or has it: who reads of it can use it. Its tickets are
   * confidential. Not for a setting that only lets later resources be reached.
   */
  readonly exposes?: true;
  /** How completely a rollback restores the previous state; left out, exactly. `partly`: some changes are irreversible; `never`: all are. */
  readonly reversible?: 'nearly' | 'partly' | 'never';
  readonly resource: ResourceKind | readonly ResourceKind[];
  /** For a setting of an account: the calls after which it is looked at again, in real time. */
  readonly changedBy?: RecordedCalls;
  /**
   * The undo of each change restores that setting alone, whatever else of the resource others have changed: no command writes a whole document.
   * Then an interrupted fix can be rolled back, although nobody saw the state right after its changes.
   */
  readonly independentUndo?: true;
  /**
   * `revertOwnPart` recognizes its part by what the fix alone can have made: an id, a name or a tag of its own. Without it, the part is what
   * differs between the states before and after, which may include the work of others if the fix was interrupted in between.
   */
  readonly marksOwnPart?: true;
  /** The CloudFormation property to change instead, for an owner whose template creates the resource: `VersioningConfiguration.Status`. */
  readonly property?: string;
  readonly detectedBy: Detectors;
  /**
   * It responds to a threat, and is no setting: it contains the resource, and a person releases it by a rollback. The section `responses` of the
   * policy applies to it, and no window, grace period or owner holds it up. If one of its changes fails, those before it stay in effect. An approval is for
   * the response to the resource, not for its exact changes: what an attacker adds meanwhile is contained, too.
   */
  readonly response?: true;
  /** For a response: how a drill asks AWS whether the role of the rule may do all that the rule declares. */
  readonly drill?: Drill<State>;
  readonly permissions: { readonly inspect: Grant | readonly Grant[]; readonly change: Grant | readonly Grant[] };
  /** The clients for its commands. */
  readonly clients: readonly ClientClass[];
  /** The commands of its changes and their undo, so that a logged call can be sent again. */
  readonly commands: readonly CommandClass[];
  /**
   * Pure: by operation, what its commands act on, where that is not the resource alone: a part of it, or a thing that the rule makes for it,
   * by a name that follows from the resource or stands in its state. Before a command is sent, also one from the log, it is held against this.
   */
  targets?(resource: Resource, context: TargetContext<State, Parameters>): Targets;
  /** Its changes may have a `document`: the function can store it in the bucket for documents. */
  readonly documents?: true;
  /** Validates the parameters. One without a default must be set before the rule can fix anything. */
  readonly parameters?: z.ZodType<Parameters>;
  /** What it makes of the parameters of the controls and Config rules that detect it. A finding with any other parameter is not fixed. */
  readonly detectorParameters?: DetectorParameters;
  /** How long it can take until `inspect` shows the change, in seconds; 20 if left out. With more than 20, a later check verifies it. */
  readonly settle?: number;
  /**
   * Reads the live resource, and what the parameters name. The state contains only what `plan` needs, and nothing that changes by itself.
   * `now` is for a rule that reads recent events, such as a metric.
   */
  inspect(resource: Resource, aws: Aws, parameters?: Parameters, now?: Date): Promise<State | typeof notFound>;
  /** Pure: the changes from this state to a compliant one. */
  plan(resource: Resource, state: State, context: PlanContext<Parameters>): Plan;
  /** The evidence of a remediation, sorted, by the labels that it has. For a rule whose plan has `evidence`. */
  collected?(resource: Resource, aws: Aws, remediation: string): Promise<readonly Collected[]>;
  /** Pure: the commands that revert only this rule's part, if others have changed the resource since; undefined if that cannot be determined. */
  revertOwnPart?(resource: Resource, now: State, context: RevertContext<State, Parameters>): readonly AwsCommand[] | undefined;
  /**
   * Pure: whether its changes are undone as far as AWS allows. Only for a rule with `nearest` and without `revertOwnPart` whose plan of the state that
   * the undo reaches does not have the very same commands again.
   */
  isUndone?(now: State, context: RevertContext<State, Parameters>): boolean;
  /** The IDs of the resources in an account and region that the rule covers (the `{id}` or the ARN). */
  list?(place: Place, aws: Aws): Promise<readonly string[]>;
}

/** A rule of the catalogue, with inferred types: the state from `inspect`, the parameters from their schema. */
export const defineRule = <State extends Json, Parameters = Record<string, never>>(
  rule: Rule<State, Parameters>,
): Rule<State, Parameters> => rule;

/** The value or values of a field of a rule, as a list. */
export const toArray = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);
