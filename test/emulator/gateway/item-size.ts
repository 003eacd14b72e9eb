import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type Item = Readonly<Record<string, AttributeValue>>;

/** Bytes of a value. Source: the DynamoDB Developer Guide, "DynamoDB item sizes and formats". */
function bytesOf(value: AttributeValue): number {
  const { S, N, B, SS, NS, L, M } = value as AttributeValue.$UnknownMember & Record<string, never>;
  if (S !== undefined) return Buffer.byteLength(S);
  if (N !== undefined) return Math.ceil(String(N).length / 2) + 1;
  // As base64 in the request.
  if (B !== undefined) return Math.ceil((String(B).length * 3) / 4);
  if (SS !== undefined) return (SS as string[]).reduce((sum, one) => sum + Buffer.byteLength(one), 0);
  if (NS !== undefined) return (NS as string[]).reduce((sum, one) => sum + Math.ceil(one.length / 2) + 1, 0);
  if (L !== undefined) return 3 + (L as AttributeValue[]).reduce((sum, one) => sum + 1 + bytesOf(one), 0);
  if (M !== undefined) return 3 + bytesOfItem(M);
  return 1;
}

/** Bytes of an item, or of some of its attributes. */
export const bytesOfItem = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + bytesOf(value), 0);
