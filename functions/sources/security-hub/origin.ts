import type { Place } from '../../../rules/rule';
import { parseArn } from '../../aws/arn';
import { quote } from '../../untrusted-text';
import { contradiction } from '../contradiction';
import type { Envelope, Scope } from '../envelope';
import { type Misplacement, misplacement } from '../misplacement';

/** Where a finding says that it comes from, in the words of its format. */
export interface Origin {
  readonly id: string;
  readonly account: string;
  readonly region: string | undefined;
  readonly product: string;
  /** The resource part of the ARN of the product by which Security Hub marks what it generated. */
  readonly ownProduct: string;
  /** The paths of these in the event. */
  readonly fields: Readonly<Record<'id' | 'region' | 'product', string>>;
}

/** The place of the resources of a finding, if Security Hub generated the finding, and all its fields and the event agree. */
export function placeOf({ fields, ownProduct, ...origin }: Origin, envelope: Envelope, scope: Scope): Place | Misplacement {
  const product = parseArn(origin.product);
  if (!product?.region || origin.product !== `arn:${product.partition}:securityhub:${product.region}::${ownProduct}`) {
    const own = `arn:<partition>:securityhub:<region>::${ownProduct}`;
    const why = 'Only Security Hub generates findings with this ARN; any other may be forged by a principal that can import findings';
    return { code: 'untrusted-product', problem: `${fields.product} is ${quote(origin.product)}, and must be ${own}. ${why}.` };
  }
  const place = { partition: product.partition, account: origin.account, region: product.region };
  const id = parseArn(origin.id);
  const problem = contradiction([
    [fields.region, origin.region, place.region],
    [`The partition in ${fields.product}`, product.partition, scope.partition ?? product.partition],
    [fields.id, id ? undefined : origin.id, 'the ARN of a finding'],
    [`The partition in ${fields.id}`, id?.partition, place.partition],
    [`The service in ${fields.id}`, id?.service, 'securityhub'],
    [`The Region in ${fields.id}`, id?.region, place.region],
    [`The account in ${fields.id}`, id?.account, place.account],
  ]);
  if (problem !== undefined) return { code: 'contradictory-event', problem };
  return misplacement(place, envelope, scope, 'Security Hub') ?? place;
}
