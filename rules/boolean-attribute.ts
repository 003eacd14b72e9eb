import { type Aws, type AwsCommand, defineRule, notFound, type Obstacle, type Resource, type Rule, type Targets } from './rule';

/** The texts and identifiers of a rule about one attribute; the rest is the same for all attributes of a resource type. */
export type Words = Pick<Rule, 'id' | 'title' | 'why' | 'impact' | 'severity' | 'risk' | 'exposes' | 'detectedBy' | 'detectorParameters'>;

/** The value and, if it is not the expected one, what prevents a change: a `status`, or `none`, if the setting is not supported. */
type State = { readonly value: boolean; readonly name?: string; readonly status?: string; readonly none?: Obstacle };

/** A setting that is on or off, and is changed by one command. `Found` is the resource as described by AWS. */
export interface BooleanAttribute<Found>
  extends Words,
    Pick<Rule, 'resource' | 'property' | 'permissions' | 'clients' | 'commands' | 'settle' | 'list'> {
  readonly expected: boolean;
  /** The live resource; undefined if it does not exist. */
  readonly describe: (resource: Resource, aws: Aws) => Promise<Found | undefined>;
  /** The value; AWS omits some settings that are off. */
  readonly settingOf: (found: Found) => boolean | undefined;
  /** The identifier for the command, if it is not the ID of the resource. */
  readonly nameOf?: (found: Found) => string;
  readonly hindrance: (found: Found) => { readonly status?: string };
  readonly obstacleBy: (status: string) => Obstacle;
  /** Why the resource does not support the setting; undefined if it does. */
  readonly none?: (found: Found) => Obstacle | undefined;
  /** What the command names, if it is not as the kind of the resource has it. */
  readonly targets?: (name: string) => Targets;
  readonly turned: (name: string, value: boolean) => AwsCommand;
}

/** A rule that sets an attribute to its expected value. */
export const booleanAttributeRule = <Found>({
  expected,
  describe,
  settingOf,
  nameOf,
  hindrance,
  obstacleBy,
  none: reasonWhyNot,
  targets,
  turned,
  ...rule
}: BooleanAttribute<Found>): Rule<State, Record<string, never>> =>
  defineRule({
    ...rule,
    independentUndo: true,

    async inspect(resource, aws): Promise<State | typeof notFound> {
      const found = await describe(resource, aws);
      if (!found) return notFound;
      const seen = { value: settingOf(found) ?? false, ...(nameOf && { name: nameOf(found) }) };
      if (seen.value === expected) return seen;
      const none = reasonWhyNot?.(found);
      return { ...seen, ...hindrance(found), ...(none !== undefined && { none }) };
    },

    plan({ id }, { value, name = id, status, none }) {
      if (value === expected) return [];
      if (none !== undefined) return none;
      if (status !== undefined) return obstacleBy(status);
      return [{ do: turned(name, expected), undo: turned(name, value) }];
    },

    ...(targets && { targets: ({ id }: Resource, { now: { name = id } }: { readonly now: State }) => targets(name) }),
  });
