import { Logger } from '@aws-lambda-powertools/logger';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Rule } from '../../rules/rule';
import { describe } from '../aws/error';
import { type Clock, systemClock } from '../clock';
import { createReader } from '../dispatch/ports';
import { metric } from '../metric';
import { readSettings } from '../settings';
import { watchEnvironment } from './environment';
import type { WatchPorts } from './ports';
import { type Seen, type Watched, watch } from './watch';

const name = 'watch';

/** The Lambda handler of the watch: a batch of the queue of changes. What could not be looked at stays in the queue, and comes again. */
export function watchHandler(
  rules: readonly Rule[],
  clock: Clock = systemClock,
): (event: Pick<SQSEvent, 'Records'>, context: Context) => Promise<SQSBatchResponse> {
  const logger = new Logger({ serviceName: name });
  let ports: WatchPorts | undefined;

  return async function handler({ Records }, context) {
    logger.addContext(context);
    ports ??= prepare();
    const seen: Seen = new Map();
    const batchItemFailures: { itemIdentifier: string }[] = [];
    for (const { body, messageId } of Records) {
      try {
        note(await watch(parsed(body), ports, seen));
      } catch (error) {
        logger.warn('Not looked at', { error: describe(error) });
        metric(name, { NotWatched: 1 }, clock);
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }
    return { batchItemFailures };
  };

  function note(result: Watched): void {
    if ('refusals' in result) {
      for (const refusal of result.refusals) {
        if (refusal.kind !== 'invalid') {
          logger.debug('Ignored', { ...refusal });
          continue;
        }
        logger.error('Invalid event', { ...refusal });
        metric(name, { InvalidEvents: 1 }, clock);
      }
      return;
    }
    logger.info('Looked', { ...result });
    if (result.handedOn.length > 0) metric(name, { WatchHandedOn: result.handedOn.length }, clock);
  }

  function prepare(): WatchPorts {
    const settings = readSettings(watchEnvironment, process.env);
    const clients = [...new Set(rules.flatMap((rule) => rule.clients))];
    const { connect, policy, invoke } = createReader(settings, { name, logger, clock, clients });
    const central = { partition: settings.CENTRAL_PARTITION, account: settings.CENTRAL_ACCOUNT, region: settings.AWS_REGION };
    return { rules, central, policy, connect, invoke, clock };
  }
}

/** Undefined, which is refused, for a text that is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
