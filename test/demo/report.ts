import type { Place } from '../../rules/rule';
import { configComplianceChange } from '../events/config';
import type { ReportedResource } from '../events/resources';
import { securityHubImported } from '../events/security-hub';
import type { Piece } from './account/piece';

/** Security Hub's controls read `S3.8`; the rules of AWS Config have names. */
export const isControl = (name: string): boolean => /^[A-Z]\w*\.\d+$/.test(name);

/** The event by which AWS reports the piece: of Security Hub, gathered in the home region, or of AWS Config. */
export function reportOf({ control, deployed = 'plain' }: Piece, reported: ReportedResource, place: Place, home: Place): object {
  const now = new Date().toISOString();
  const { partition, account, region } = place;
  if (isControl(control)) {
    const finding = { control, resource: reported, partition, account, region, firstObservedAt: now };
    return securityHubImported(finding, { account: home.account, region: home.region });
  }
  const resourceId = reported.configId ?? reported.arn;
  return configComplianceChange({
    rule: control,
    form: deployed,
    resourceType: reported.type,
    resourceId,
    partition,
    account,
    region,
    recordedAt: now,
  });
}
