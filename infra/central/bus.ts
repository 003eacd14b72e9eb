import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { names } from '../names';

/** The bus to which every outcome is published. */
export const bus = (scope: Construct): EventBus => new EventBus(scope, 'Bus', { eventBusName: names.bus });
