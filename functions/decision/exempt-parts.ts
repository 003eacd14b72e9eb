import type { PlanContext, Rule, Tags } from '../../rules/rule';
import { exemptionTag } from './clause/exemption-tag';

/** The test by which a rule leaves the parts of a resource that their own tags exempt, and the parts that it has left, each with the reason. */
export function exemptParts({ id }: Pick<Rule, 'id'>, tag: string, now: Date) {
  const left = new Set<string>();
  const isExempt: NonNullable<PlanContext<unknown>['isExempt']> = (part: string, tags: Tags) => {
    const said = exemptionTag(id, tag, tags, now);
    if (!said?.exempt) return false;
    left.add(`${part} is left: ${said.reason}`);
    return true;
  };
  return { isExempt, left: (): readonly string[] => [...left] };
}
