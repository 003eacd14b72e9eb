import type { Place } from '../../../rules/rule';
import { parseArn } from '../../aws/arn';
import { partitionOf } from '../../aws/region';
import { quote } from '../../untrusted-text';
import { contradiction } from '../contradiction';
import type { Envelope, Scope } from '../envelope';
import type { Origin } from './asff';

/** Where the resources of a Security Hub finding are, if Security Hub itself made it, and all its fields and the event agree; `at` is where it stands in the event. */
export function placeOf(origin: Origin, envelope: Envelope, scope: Scope, at: string): Place | { readonly problem: string } {
  const { Id, ProductArn, AwsAccountId: account, Region } = origin;
  const product = parseArn(ProductArn);
  if (!product?.region || ProductArn !== `arn:${product.partition}:securityhub:${product.region}::product/aws/securityhub`) {
    const own = 'arn:<partition>:securityhub:<region>::product/aws/securityhub';
    const why = 'only Security Hub itself makes those, while anybody who may import findings can make up any other';
    return { problem: `${at}.ProductArn is ${quote(ProductArn)}, and has to be ${own}: ${why}.` };
  }
  const place = { partition: product.partition, account, region: product.region };
  const id = parseArn(Id);
  const problem =
    contradiction([
      [`${at}.Region`, Region, place.region],
      [`${at}.Id`, id ? undefined : Id, 'the ARN of a finding'],
      [`The service in ${at}.Id`, id?.service, 'securityhub'],
      [`The region in ${at}.Id`, id?.region, place.region],
      [`The account in ${at}.Id`, id?.account, place.account],
    ]) ?? misplacement(place, envelope, scope);
  return problem === undefined ? place : { problem };
}

/** Why an event of this account and region can't be about that place; undefined if it can. */
function misplacement(place: Place, { account, region }: Envelope, { centralAccount }: Scope): string | undefined {
  if (account === place.account && region === place.region) return undefined;
  if (account === centralAccount) return contradiction([['The partition of the event', partitionOf(region), place.partition]]);
  const administrator = `Security Hub's delegated administrator, ${centralAccount ?? 'which is not set'}`;
  return `The event is of account ${account} in ${region}, but the finding of ${place.account} in ${place.region}; only ${administrator}, may report for others.`;
}
