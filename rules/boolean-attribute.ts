import { type Aws, type AwsCommand, defineRule, notFound, type Obstacle, type Resource, type Rule } from './rule';

/** The words of a rule about one attribute; the rest is the same for all attributes of a resource type. */
export type Words = Pick<Rule, 'id' | 'title' | 'why' | 'impact' | 'severity' | 'risk' | 'detectedBy'>;

/** The value. If it is not the expected one, what prevents a change: a `status`, or `none`, why there is no such setting. */
type State = { readonly value: boolean; readonly name?: string; readonly status?: string; readonly none?: Obstacle };

/** A setting that is on or off, and that one command changes. `Found` is the resource as AWS describes it. */
export interface BooleanAttribute<Found>
  extends Words,
    Pick<Rule, 'resource' | 'property' | 'permissions' | 'clients' | 'commands' | 'settle' | 'list'> {
  readonly wished: boolean;
  /** The live resource; undefined where there is none. */
  readonly describe: (resource: Resource, aws: Aws) => Promise<Found | undefined>;
  /** AWS leaves out some that are off. */
  readonly settingOf: (found: Found) => boolean | undefined;
  /** What the command calls the resource by, where that is not its id. */
  readonly nameOf?: (found: Found) => string;
  readonly hindrance: (found: Found) => { readonly status?: string };
  readonly obstacleBy: (status: string) => Obstacle;
  /** Why this resource has no such setting; undefined if it has. */
  readonly none?: (found: Found) => Obstacle | undefined;
  readonly turned: (name: string, value: boolean) => AwsCommand;
}

/** A rule that gives a setting its wished value. */
export const booleanAttributeRule = <Found>({
  wished,
  describe,
  settingOf,
  nameOf,
  hindrance,
  obstacleBy,
  none: reasonWhyNot,
  turned,
  ...rule
}: BooleanAttribute<Found>): Rule<State, Record<string, never>> =>
  defineRule({
    ...rule,

    async inspect(resource, aws): Promise<State | typeof notFound> {
      const found = await describe(resource, aws);
      if (!found) return notFound;
      const seen = { value: settingOf(found) ?? false, ...(nameOf && { name: nameOf(found) }) };
      if (seen.value === wished) return seen;
      const none = reasonWhyNot?.(found);
      return { ...seen, ...hindrance(found), ...(none !== undefined && { none }) };
    },

    plan({ id }, { value, name = id, status, none }) {
      if (value === wished) return [];
      if (none !== undefined) return none;
      if (status !== undefined) return obstacleBy(status);
      return [{ do: turned(name, wished), undo: turned(name, value) }];
    },
  });
