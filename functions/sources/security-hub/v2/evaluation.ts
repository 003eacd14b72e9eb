import { GetFindingsV2Command, type GetFindingsV2CommandOutput } from '@aws-sdk/client-securityhub';
import * as z from 'zod';
import type { Aws } from '../../../../rules/rule';
import type { HubFinding } from '../evaluation';
import { complianceOf, statusIds } from './ocsf';
import { isOwnComment } from './own-update';

/** A finding as GetFindingsV2 returns it, as far as it is read. */
const shape = z.object({
  activity_id: z.number().optional(),
  status_id: z.number(),
  comment: z.unknown().optional(),
  /** Findings of services have none. */
  compliance: z.object({ status: z.string().optional(), status_id: z.number().optional() }).optional(),
  finding_info: z.object({
    last_seen_time_dt: z.string().optional(),
    analytic: z.object({ category: z.string().optional(), name: z.string().optional() }).optional(),
  }),
});

const compliance = { pass: 'PASSED', warning: 'WARNING', fail: 'FAILED' } as const;
const workflows: ReadonlyMap<number, string> = new Map([
  [statusIds.unknown, 'NEW'],
  [statusIds.new, 'NEW'],
  [statusIds.inProgress, 'NOTIFIED'],
  [statusIds.suppressed, 'SUPPRESSED'],
  [statusIds.resolved, 'RESOLVED'],
]);

/** The finding by its `metadata.uid`, in the words of the AWS Security Finding Format; undefined if Security Hub has it no more. */
export async function readHubFindingV2(uid: string, aws: Aws): Promise<HubFinding | undefined> {
  const Filters = {
    CompositeFilters: [{ StringFilters: [{ FieldName: 'metadata.uid' as const, Filter: { Value: uid, Comparison: 'EQUALS' as const } }] }],
  };
  let NextToken: string | undefined;
  do {
    const page: GetFindingsV2CommandOutput = await aws.send(new GetFindingsV2Command({ Filters, NextToken }));
    const [finding] = page.Findings ?? [];
    if (finding !== undefined) return hubFindingOf(shape.parse(finding));
    // A page can be empty although another one is not.
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return undefined;
}

function hubFindingOf({
  activity_id: activity,
  status_id: status,
  comment,
  compliance: said,
  finding_info: info,
}: z.infer<typeof shape>): HubFinding {
  const observed = new Date(info.last_seen_time_dt ?? '');
  const judged = said && complianceOf(said);
  const { analytic } = info;
  return {
    compliance: judged ? compliance[judged] : 'unknown',
    workflow: workflows.get(status) ?? 'unknown',
    isArchived: activity === 3 || status === statusIds.archived || status === statusIds.deleted,
    observed: Number.isNaN(observed.getTime()) ? undefined : observed,
    ...(typeof comment === 'string' && comment !== '' && { note: { text: comment, isOurs: isOwnComment(comment) } }),
    ...(analytic?.category === 'AWS::Config::ConfigRule' && analytic.name !== undefined && { configRule: analytic.name }),
  };
}
