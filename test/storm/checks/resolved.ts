import type { Report, Watch } from '../watch';

/** No finding is set to RESOLVED against the word of its detector. */
export function resolvedPasses(report: Report): Watch {
  return {
    onWorkflow({ id, resource, workflow, fails }, now) {
      if (workflow === 'RESOLVED' && fails)
        report({ check: 'resolved-passes', what: `${id} is set to RESOLVED, and its detector says FAILED`, resource, at: now });
    },
  };
}
