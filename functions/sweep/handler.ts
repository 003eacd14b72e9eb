import { Logger } from '@aws-lambda-powertools/logger';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import type { Context } from 'aws-lambda';
import type { Rule } from '../../rules/rule';
import { type Clock, systemClock } from '../clock';
import { dynamoSweepPositions } from '../coordination/sweep-position';
import { createReader } from '../dispatch/ports';
import { seconds } from '../duration';
import { findEntry } from '../log/query';
import { metric } from '../metric';
import { readSettings } from '../settings';
import { accountsOfOrganization } from './accounts';
import { sweepEnvironment } from './environment';
import type { SweepPorts } from './ports';
import { type Swept, sweep } from './sweep';

const name = 'sweep';

type Run = Pick<Context, 'getRemainingTimeInMillis'>;

/** The Lambda handler of the sweep. What the event says is not used. */
export function sweepHandler(
  rules: readonly Rule[],
  clock: Clock = systemClock,
): (event: unknown, context: Context) => Promise<Swept | { readonly skipped: 'off' }> {
  const logger = new Logger({ serviceName: name });
  let portsFor: ((context: Run) => SweepPorts | 'off') | undefined;

  return async function handler(_, context) {
    logger.addContext(context);
    portsFor ??= prepare();
    const ports = portsFor(context);
    const result = ports === 'off' ? ({ skipped: 'off' } as const) : await sweep(ports);
    if ('skipped' in result) {
      logger.info('Not swept', result);
    } else {
      logger.info('Swept', { ...result });
      metric(name, { SweepHandedOn: result.handedOn, NotSwept: result.notSwept }, clock);
    }
    return result;
  };

  function prepare(): (context: Run) => SweepPorts | 'off' {
    const settings = readSettings(sweepEnvironment, process.env);
    const { SWEEP: hours, ACCOUNTS: accounts, LOG_TABLE: log } = settings;
    if (hours === 'off') return () => 'off';
    const clients = [...new Set(rules.flatMap((rule) => rule.clients))];
    const { dynamo, credentialsFor, connect, policy, invoke } = createReader(settings, { name, logger, clock, clients });
    const organizations = new OrganizationsClient({ retryMode: 'adaptive', maxAttempts: 6 });
    const central = { partition: settings.CENTRAL_PARTITION, account: settings.CENTRAL_ACCOUNT, region: settings.AWS_REGION };
    return (context) => ({
      ...{ rules, central, policy, invoke, connect, hours, clock },
      accounts: async () => (accounts === 'organization' ? accountsOfOrganization(organizations, central) : { known: accounts }),
      regions: settings.REGIONS,
      reach: (place) => credentialsFor(place)(),
      positions: dynamoSweepPositions(dynamo, settings.COORDINATION_TABLE, clock),
      maxFindings: settings.MAX_FINDINGS,
      secondsLeft: () => context.getRemainingTimeInMillis() / seconds(1),
      async lastRecord(rule, finding, { account, region }) {
        // Only the function of the rule says what it decided: anybody may write records of their own.
        const { entry } = await findEntry(
          dynamo,
          log,
          { finding },
          (one) => one.by === 'rule' && one.rule === rule && one.account === account && (region === undefined || one.region === region),
        );
        return typeof entry === 'string' ? undefined : entry;
      },
    });
  }
}
