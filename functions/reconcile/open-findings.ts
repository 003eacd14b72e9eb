import {
  type AwsSecurityFinding,
  type AwsSecurityFindingFilters,
  GetFindingsCommand,
  type GetFindingsCommandOutput,
} from '@aws-sdk/client-securityhub';
import type { Aws } from '../../rules/rule';
import type { Refusal } from '../findings/finding';
import { retryMessage } from '../findings/retry-message';
import { readEvent } from '../sources/read-event';
import { isNotInUse } from '../sources/security-hub/suppressed';
import type { Report, SourcePorts } from './ports';

/** Security Hub accepts so many values for one filter. */
const maxValues = 20;

const equal = (Value: string) => ({ Value, Comparison: 'EQUALS' as const });

/**
 * The failed findings of the controls of the rules, in Security Hub of the central account: as its administrator, it has those of all accounts.
 * What a rule does not act on is given to `onRefused`.
 */
export async function* openFindings(
  { rules, central, connect, clock }: SourcePorts,
  onRefused: (refusal: Refusal) => void = () => {},
): AsyncGenerator<Report> {
  const aws = connect(central);
  for (const rule of rules) {
    for await (const raw of findingsOf(rule.detectedBy.securityHub, aws)) {
      const event = eventOf(raw, central, clock.now());
      const evaluatedAt = new Date(raw.UpdatedAt ?? 0);
      const { findings, refusals } = readEvent(rule, event, { centralAccount: central.account });
      for (const refusal of refusals) onRefused(refusal);
      for (const finding of findings)
        yield { rule, finding, event: retryMessage({ finding, number: 0 }), evaluatedAt, since: new Date(finding.detectedAt) };
    }
  }
}

async function* findingsOf(controls: readonly string[], aws: Aws): AsyncGenerator<AwsSecurityFinding> {
  for (let from = 0; from < controls.length; from += maxValues) {
    const Filters = filtersFor(controls.slice(from, from + maxValues));
    let NextToken: string | undefined;
    do {
      const page: GetFindingsCommandOutput | undefined = await aws
        .send(new GetFindingsCommand({ Filters, MaxResults: 100, NextToken }))
        .catch(undefinedIfNotInUse);
      yield* page?.Findings ?? [];
      NextToken = page?.NextToken;
    } while (NextToken !== undefined);
  }
}

const filtersFor = (controls: readonly string[]): AwsSecurityFindingFilters => ({
  ComplianceSecurityControlId: controls.map(equal),
  ComplianceStatus: [equal('FAILED')],
  RecordState: [equal('ACTIVE')],
  WorkflowStatus: ['NEW', 'NOTIFIED'].map(equal),
});

function undefinedIfNotInUse(error: unknown): undefined {
  if (!isNotInUse(error)) throw error;
}

const eventOf = (finding: unknown, { account, region }: SourcePorts['central'], now: Date) => ({
  source: 'aws.securityhub',
  'detail-type': 'Security Hub Findings - Imported',
  account,
  region,
  time: now.toISOString(),
  resources: [],
  detail: { findings: [finding] },
});
