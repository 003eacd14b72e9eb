import type { Place } from '../../../../rules/rule';
import { parseArn } from '../../../aws/arn';
import { type Claim, contradiction } from '../../contradiction';
import type { Envelope, Scope } from '../../envelope';
import { type Misplacement, misplacement } from '../../misplacement';
import type { Service } from './product';

interface ServiceOrigin {
  readonly service: Service;
  readonly id: string;
  /** The account of the resources. */
  readonly account: string;
  readonly region: string | undefined;
  readonly product: string;
  /** The paths of these in the event. */
  readonly fields: Readonly<Record<'id' | 'region' | 'product', string>>;
}

/** The place of the resources of a finding whose product is a service of AWS, if all its fields and the event agree. */
export function placeOfService(origin: ServiceOrigin, envelope: Envelope, scope: Scope): Place | Misplacement {
  const { account, region, product, fields } = origin;
  const own = parseArn(product);
  const place = { partition: own?.partition ?? '', account, region: own?.region ?? '' };
  const problem = contradiction([
    [fields.region, region, place.region],
    [`The partition in ${fields.product}`, place.partition, scope.partition ?? place.partition],
    ...claimsOfId(origin, place),
  ]);
  if (problem !== undefined) return { code: 'contradictory-event', problem };
  return misplacement(place, envelope, scope, 'Security Hub') ?? place;
}

/** The ARN of a finding has the account of the resources in GuardDuty alone: others can have that of the administrator. Macie's is no ARN. */
function claimsOfId({ service, id, fields }: ServiceOrigin, { partition, region, account }: Place): readonly Claim[] {
  if (service === 'macie') return [];
  const arn = parseArn(id);
  const at = fields.id;
  return [
    [at, arn ? undefined : id, 'the ARN of a finding'],
    [`The service in ${at}`, arn?.service, service === 'inspector' ? 'inspector2' : service],
    [`The partition in ${at}`, arn?.partition, partition],
    [`The Region in ${at}`, arn?.region, region],
    ...(service === 'guardduty' ? [[`The account in ${at}`, arn?.account, account] as const] : []),
  ];
}
