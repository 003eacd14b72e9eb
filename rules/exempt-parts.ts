import type { PlanContext, Tags } from './rule';

/** The parts of a resource, such as its security group rules, that their own tags do not exempt. */
export const withoutExempt = <Part extends { readonly tags: Tags }>(
  parts: readonly Part[],
  nameOf: (part: Part) => string,
  context: Pick<PlanContext<unknown>, 'isExempt'>,
): readonly Part[] => parts.filter((part) => !context.isExempt?.(nameOf(part), part.tags));
