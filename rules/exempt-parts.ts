import type { PlanContext, Tags } from './rule';

/** The parts of a resource, such as its security group rules, that their own tags do not exempt. */
export const withoutExempt = <Part extends { readonly tags?: Tags }>(
  parts: readonly Part[],
  nameOf: (part: Part) => string,
  context: Pick<PlanContext<unknown>, 'isExempt'>,
): readonly Part[] => parts.filter((part) => !context.isExempt?.(nameOf(part), part.tags ?? {}));

/** The tags of a part for the state of its rule; without any, nothing. */
export const keptTags = (tags: Tags): { readonly tags?: Tags } => (Object.keys(tags).length > 0 ? { tags } : {});

/** The tags in the form of most services. */
export const tagsIn = (list: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] = []): Tags =>
  Object.fromEntries(list.map(({ Key = '', Value = '' }) => [Key, Value]));
