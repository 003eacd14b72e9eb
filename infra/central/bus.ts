import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { names } from '../names';

/** The bus on which every outcome is told, for whoever listens. */
export const bus = (scope: Construct): EventBus => new EventBus(scope, 'Bus', { eventBusName: names.bus });
