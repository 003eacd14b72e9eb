import type { Place } from '../../../rules/rule';
import { parseArn } from '../../aws/arn';
import type { RefusalCode } from '../../findings/finding';
import { quote } from '../../untrusted-text';
import { contradiction } from '../contradiction';
import type { Envelope, Scope } from '../envelope';
import type { Origin } from './asff';

type Misplacement = {
  readonly problem: string;
  readonly code: Extract<RefusalCode, 'untrusted-product' | 'contradictory-event' | 'foreign-account'>;
};

/** The place of the resources of a finding, if Security Hub generated the finding, and all its fields and the event agree; `at` is its path in the event. */
export function placeOf(origin: Origin, envelope: Envelope, scope: Scope, at: string): Place | Misplacement {
  const { Id, ProductArn, AwsAccountId: account, Region } = origin;
  const product = parseArn(ProductArn);
  if (!product?.region || ProductArn !== `arn:${product.partition}:securityhub:${product.region}::product/aws/securityhub`) {
    const own = 'arn:<partition>:securityhub:<region>::product/aws/securityhub';
    const why = 'Only Security Hub generates findings with this ARN; any other may be forged by a principal that can import findings';
    return { code: 'untrusted-product', problem: `${at}.ProductArn is ${quote(ProductArn)}, and must be ${own}. ${why}.` };
  }
  const place = { partition: product.partition, account, region: product.region };
  const id = parseArn(Id);
  const problem = contradiction([
    [`${at}.Region`, Region, place.region],
    [`The partition in ${at}.ProductArn`, product.partition, scope.partition ?? product.partition],
    [`${at}.Id`, id ? undefined : Id, 'the ARN of a finding'],
    [`The partition in ${at}.Id`, id?.partition, place.partition],
    [`The service in ${at}.Id`, id?.service, 'securityhub'],
    [`The Region in ${at}.Id`, id?.region, place.region],
    [`The account in ${at}.Id`, id?.account, place.account],
  ]);
  if (problem !== undefined) return { code: 'contradictory-event', problem };
  return misplacement(place, envelope, scope) ?? place;
}

/** Why an event from this account and region can't be about that place; undefined if it can. */
function misplacement(place: Place, { account, region }: Envelope, { centralAccount }: Scope): Misplacement | undefined {
  if (account === place.account && region === place.region) return undefined;
  if (account === centralAccount) return undefined;
  const administrator = `the delegated administrator of Security Hub (${centralAccount ?? 'not set'})`;
  return {
    code: 'foreign-account',
    problem: `The event is from account ${account}, ${region}, but the finding is for account ${place.account}, ${place.region}. Only ${administrator} may report findings of other accounts.`,
  };
}
