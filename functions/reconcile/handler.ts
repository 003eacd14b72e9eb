import { Logger } from '@aws-lambda-powertools/logger';
import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import type { Context } from 'aws-lambda';
import type { Rule } from '../../rules/rule';
import { type Clock, systemClock } from '../clock';
import { createReader } from '../dispatch/ports';
import { seconds } from '../duration';
import { findEntry } from '../log/query';
import { metric } from '../metric';
import { readSettings } from '../settings';
import { reconcileEnvironment } from './environment';
import type { ReconcilePorts } from './ports';
import { type Reconciled, reconcile } from './reconcile';

const name = 'reconcile';

type Run = Pick<Context, 'getRemainingTimeInMillis'>;

/** The Lambda handler of the daily reconciliation. What the event says is not used. */
export function reconcileHandler(
  rules: readonly Rule[],
  clock: Clock = systemClock,
): (event: unknown, context: Context) => Promise<Reconciled> {
  const logger = new Logger({ serviceName: name });
  let portsFor: ((context: Run) => ReconcilePorts) | undefined;

  return async function handler(_, context) {
    logger.addContext(context);
    portsFor ??= prepare();
    const result = await reconcile(portsFor(context));
    logger.info('Reconciled', { ...result });
    metric(name, { NotReceived: result.notReceived, NotReconciled: result.unread.length + (result.unfinished ? 1 : 0) }, clock);
    return result;
  };

  function prepare(): (context: Run) => ReconcilePorts {
    const settings = readSettings(reconcileEnvironment, process.env);
    const clients = [ConfigServiceClient, SecurityHubClient];
    const { dynamo, ...reader } = createReader(settings, { name, logger, clock, clients });
    return (context) => ({
      ...reader,
      rules,
      clock,
      central: { partition: settings.CENTRAL_PARTITION, account: settings.CENTRAL_ACCOUNT, region: settings.AWS_REGION },
      maxFindings: settings.MAX_FINDINGS,
      secondsLeft: () => context.getRemainingTimeInMillis() / seconds(1),
      async lastRecord(rule, finding) {
        // Only the function of the rule says what it has heard: anybody may write records of their own.
        const { entry } = await findEntry(dynamo, settings.LOG_TABLE, { finding }, (one) => one.by === 'rule' && one.rule === rule);
        return typeof entry === 'string' ? undefined : entry;
      },
    });
  }
}
