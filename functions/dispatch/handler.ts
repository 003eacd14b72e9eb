import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import type { Rule } from '../../rules/rule';
import { describe } from '../aws/error';
import { partitionIn } from '../aws/region';
import { type Clock, systemClock } from '../clock';
import { metric } from '../metric';
import { readSettings } from '../settings';
import { type Dispatched, type DispatchPorts, dispatch } from './dispatch';
import { dispatchEnvironment } from './environment';
import { createReader } from './ports';

const name = 'dispatch';

function partitionOf({ invokedFunctionArn }: Context): Pick<DispatchPorts, 'partition'> {
  const partition = partitionIn(invokedFunctionArn);
  return partition === undefined ? {} : { partition };
}

/** The Lambda handler that gives compliance changes of Config rules under other than AWS's names to the functions of the rules. */
export function dispatchHandler(
  rules: readonly Rule[],
  clock: Clock = systemClock,
): (event: unknown, context: Context) => Promise<Dispatched> {
  const logger = new Logger({ serviceName: name });
  let reader: Omit<DispatchPorts, 'rules'> | undefined;

  return async function handler(event, context) {
    logger.addContext(context);
    reader ??= createReader(readSettings(dispatchEnvironment, process.env), { name, logger, clock });
    const result = await dispatch(event, { ...reader, rules, ...partitionOf(context) }).catch((error: unknown) => {
      logger.error('The event was not dispatched', { error: describe(error) });
      throw error;
    });
    note(result);
    return result;
  };

  function note(result: Dispatched): void {
    if ('rules' in result) logger.info('Dispatched', { ...result });
    if ('none' in result) logger.info('No rule', { reason: result.none });
    for (const refusal of 'refusals' in result ? result.refusals : []) {
      if (refusal.kind === 'invalid') {
        logger.error('Invalid event', { ...refusal });
        metric(name, { InvalidEvents: 1 }, clock);
      } else {
        logger.info('Ignored', { ...refusal });
      }
    }
  }
}
