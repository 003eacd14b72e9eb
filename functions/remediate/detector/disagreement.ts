import { type Json, notFound } from '../../../rules/rule';
import { describe } from '../../aws/error';
import { isChanges } from '../../plan/change';
import { prepareBy } from '../prepare';
import type { Hearing } from './trail';

/** What the rule sees when its detector disagrees. */
export type Sight =
  /** Still nothing to change. */
  | { readonly sees: 'same'; readonly state: Json }
  /** Something to change, or a reason why it can't be. */
  | { readonly sees: 'other' }
  | { readonly sees: 'not-found' }
  | { readonly sees: 'unread'; readonly why: string };

/** Inspects the resource by the policy of today. Changes nothing. */
export async function lookAtDisagreement({ context }: Hearing): Promise<Sight> {
  try {
    const prepared = await prepareBy(await context.ports.policy(), context);
    if ('problem' in prepared || 'unfixable' in prepared) return { sees: 'other' };
    const seen = await prepared.inspectAndPlan();
    if (seen === notFound) return { sees: 'not-found' };
    const isSame = isChanges(seen.plan) && seen.plan.length === 0 && !seen.exempt;
    return isSame ? { sees: 'same', state: seen.state } : { sees: 'other' };
  } catch (error) {
    return { sees: 'unread', why: `The resource can't be inspected (${describe(error)}).` };
  }
}
