import { type CfnElement, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The ARN of a resource as cdk-nag writes it: `<Log95422804.Arn>`. */
export const nagArn = (of: IConstruct): string => `<${Stack.of(of).resolve((of.node.defaultChild as CfnElement).logicalId)}.Arn>`;
