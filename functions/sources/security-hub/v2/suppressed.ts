import { GetFindingsV2Command, type GetFindingsV2CommandOutput, type OcsfStringField } from '@aws-sdk/client-securityhub';
import * as z from 'zod';
import type { Aws } from '../../../../rules/rule';
import { sanitize } from '../../../untrusted-text';

/** Security Hub accepts so many filters in one group. */
const maxFilters = 20;

/**
 * A finding of one of the controls on the resource that somebody has suppressed in Security Hub, in OCSF, of this account and Region, as a
 * phrase; undefined if there is none. `ids` are the ARNs and ids by which it names the resource.
 */
export async function suppressedFindingV2(controls: readonly string[], ids: readonly string[], aws: Aws): Promise<string | undefined> {
  for (let from = 0; from < controls.length; from += maxFilters) {
    const groups = [
      anyOf('compliance.control', controls.slice(from, from + maxFilters)),
      anyOf('resources.uid', ids),
      anyOf('status', ['Suppressed']),
    ];
    const uid = await firstOf({ CompositeFilters: groups, CompositeOperator: 'AND' as const }, aws);
    if (uid !== undefined) return `the finding ${sanitize(uid, 300)} is suppressed in Security Hub`;
  }
  return undefined;
}

const anyOf = (FieldName: OcsfStringField, values: readonly string[]) => ({
  StringFilters: values.map((Value) => ({ FieldName, Filter: { Value, Comparison: 'EQUALS' as const } })),
  Operator: 'OR' as const,
});

const shape = z.object({ finding_info: z.object({ uid: z.string() }) });

/** A page can be empty although another one is not. */
async function firstOf(Filters: GetFindingsV2Command['input']['Filters'], aws: Aws): Promise<string | undefined> {
  let NextToken: string | undefined;
  do {
    const page: GetFindingsV2CommandOutput = await aws.send(new GetFindingsV2Command({ Filters, MaxResults: 1, NextToken }));
    const [finding] = page.Findings ?? [];
    if (finding !== undefined) return shape.safeParse(finding).data?.finding_info.uid ?? '';
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return undefined;
}
