import type { IConstruct } from 'constructs';
import { type Cadence, cadences } from '../../functions/report/scheduled/period';

const contextKey = 'reports';

/** The setting of the reports is invalid; the message says what to do. */
export class ReportCadenceError extends Error {
  override readonly name = 'ReportCadenceError';
}

/** How often a report is made, by the context `reports`; undefined: never, and nothing is deployed for it. */
export function reportCadence(scope: IConstruct): Cadence | undefined {
  const given: unknown = scope.node.tryGetContext(contextKey) ?? 'off';
  if (given === 'off') return undefined;
  const cadence = cadences.find((one) => one === given);
  if (cadence !== undefined) return cadence;
  throw new ReportCadenceError(
    `The context \`${contextKey}\` is ${JSON.stringify(given)}, and has to be one of ${['off', ...cadences].join(', ')}. Specify it in \`cdk.json\` under \`context.${contextKey}\`, such as "monthly", or with \`--context ${contextKey}=monthly\`.`,
  );
}
