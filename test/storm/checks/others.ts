import type { Report, Watch } from '../watch';

/** What others add to a resource is still there after each change of ours. */
export function nothingOfOthersLost(report: Report): Watch {
  const marks = new Map<string, string[]>();
  return {
    onOthers(arn, mark) {
      marks.set(arn, [...(marks.get(arn) ?? []), mark]);
    },
    onChange({ call, worker, before, after }) {
      for (const mark of marks.get(call.resource ?? '') ?? []) {
        if (!before.includes(mark) || after.includes(mark)) continue;
        const what = `${call.service}:${call.operation} by #${worker.id} of ${worker.writer} erased ${mark}`;
        report({ check: 'nothing-of-others-lost', what, resource: call.resource ?? '', at: call.now });
      }
    },
  };
}
