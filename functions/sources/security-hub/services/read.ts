import type { Reading } from '../../../findings/finding';
import { type Claim, contradiction } from '../../contradiction';
import type { Envelope, Scope } from '../../envelope';
import { refuse } from '../../refuse';
import { check } from '../../shape';
import { importedIn, serviceFindingShape } from './asff';
import { findingsOfService, type ServiceRule } from './findings';
import { importedInV2, serviceFindingShapeV2 } from './ocsf';
import { placeOfService } from './place';
import type { Service } from './product';

interface Read {
  readonly rule: ServiceRule;
  readonly envelope: Envelope;
  readonly scope: Scope;
  readonly service: Service;
  readonly raw: unknown;
  /** The path of the finding in the event. */
  readonly at: string;
}

/** The findings in one of a service in the AWS Security Finding Format, whose product is that of the service. */
export function readServiceFinding(
  { rule, envelope, scope, service, raw, at }: Read,
  origin: { readonly Id: string; readonly ProductArn: string; readonly AwsAccountId: string; readonly Region?: string | undefined },
): Reading {
  const id = origin.Id;
  const content = check(serviceFindingShape, raw, at);
  if ('problem' in content) return refuse('ignored', 'malformed-event', content.problem, id);
  const { Resources, ProductFields } = content.value;
  // An analyzer of an organization reports for its own account.
  const account = (service === 'access-analyzer' && ProductFields?.ResourceOwnerAccount) || origin.AwsAccountId;
  const fields = { id: `${at}.Id`, region: `${at}.Region`, product: `${at}.ProductArn` };
  const place = placeOfService({ service, id, account, region: origin.Region, product: origin.ProductArn, fields }, envelope, scope);
  if ('problem' in place) return refuse('invalid', place.code, place.problem, id);
  const problem = contradiction(
    Resources.flatMap(({ Partition, Region }, index): readonly Claim[] => [
      [`${at}.Resources[${index}].Partition`, Partition, place.partition],
      [`${at}.Resources[${index}].Region`, Region, place.region],
    ]),
  );
  if (problem !== undefined) return refuse('invalid', 'contradictory-event', problem, id);
  const imported = importedIn({ service, id, productArn: origin.ProductArn }, content.value, { at, sentAt: envelope.time });
  return findingsOfService(rule, imported, place);
}

/** The findings in one of a service in OCSF, whose product is that of the service. */
export function readServiceFindingV2({ rule, envelope, scope, service, raw, at }: Read): Reading {
  const content = check(serviceFindingShapeV2, raw, at);
  if ('problem' in content) return refuse('ignored', 'malformed-event', content.problem);
  const { cloud, metadata, finding_info: info, resources } = content.value;
  const id = info.uid;
  const fields = { id: `${at}.finding_info.uid`, region: `${at}.cloud.region`, product: `${at}.metadata.product.uid` };
  const origin = { service, id, account: cloud.account.uid, region: cloud.region, product: metadata.product.uid, fields };
  const place = placeOfService(origin, envelope, scope);
  if ('problem' in place) return refuse('invalid', place.code, place.problem, id);
  const problem = contradiction(
    resources.flatMap(({ cloud_partition: partition, region, owner }, index): readonly Claim[] => [
      [`${at}.resources[${index}].cloud_partition`, partition, place.partition],
      [`${at}.resources[${index}].region`, region, place.region],
      [`${at}.resources[${index}].owner.account.uid`, owner?.account?.uid, place.account],
    ]),
  );
  if (problem !== undefined) return refuse('invalid', 'contradictory-event', problem, id);
  const imported = importedInV2(service, content.value, { at, sentAt: envelope.time, resource: envelope.resources?.[0] });
  if ('problem' in imported) return refuse('ignored', 'malformed-event', imported.problem, id);
  return findingsOfService(rule, imported, place);
}
