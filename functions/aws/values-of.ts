import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

/**
 * The attributes of an item as values. Never throws for a number: those of DynamoDB have more digits than ours, and one that somebody else
 * wrote must not keep an item from being read.
 */
export const valuesOf = (item: Record<string, AttributeValue>): Record<string, unknown> => unmarshall(item, { wrapNumbers: Number });
