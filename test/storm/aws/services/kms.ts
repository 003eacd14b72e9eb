import type { Cell, Cells } from '../cells';
import { AwsError } from '../error';
import type { Request, Service } from '../request';

/** Keys and their rotation. */
export function kms(cells: Cells): Service {
  return {
    DescribeKey: (request) => {
      const { arn } = key(request);
      return { KeyMetadata: { Arn: arn, KeyManager: 'CUSTOMER', KeySpec: 'SYMMETRIC_DEFAULT', Origin: 'AWS_KMS', KeyState: 'Enabled' } };
    },
    GetKeyRotationStatus: (request) => ({ KeyRotationEnabled: key(request).rotation, RotationPeriodInDays: 365 }),
    EnableKeyRotation(request) {
      key(request).rotation = true;
      return {};
    },
    DisableKeyRotation(request) {
      key(request).rotation = false;
      return {};
    },
    ListResourceTags: (request) => ({
      Tags: Object.entries(key(request).tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
      Truncated: false,
    }),
  };

  function key({ input, account, region }: Request): Cell {
    const cell = cells.get(`arn:aws:kms:${region}:${account}:key/${input.KeyId}`);
    if (!cell) throw new AwsError('NotFoundException', `Key ${input.KeyId} does not exist`);
    return cell;
  }
}
