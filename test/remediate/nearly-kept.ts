import { isChanges } from '../../functions/plan/change';
import type { Rule } from '../../rules/rule';
import planted from './planted-rule';

const kept = planted as unknown as Rule;

/** The planted rule, as if versioning could only be suspended, as in S3. */
export const nearlyKept: Rule = {
  ...kept,
  reversible: 'nearly',
  plan(resource, state, context) {
    const plan = kept.plan(resource, state, context);
    if (!isChanges(plan)) return plan;
    return plan.map((change) =>
      'undo' in change && change.do.constructor.name === 'PutBucketVersioningCommand'
        ? { ...change, nearest: 'Versioning can only be suspended.' }
        : change,
    );
  },
};
