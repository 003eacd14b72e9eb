import * as z from 'zod';
import { accountId, freeText, list, record, reference, region, text } from '../shape';

/** Resources in Azure and Google Cloud have no Region of AWS. */
const anyRegion = z.preprocess((value) => (region.safeParse(value).success ? value : undefined), region.optional());

/**
 * The parts of a finding of Inspector that are read: https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html. Its times are texts
 * for people.
 */
export const findingShape = record({
  findingArn: reference,
  awsAccountId: accountId,
  type: reference,
  status: text,
  severity: text,
  firstObservedAt: freeText(64).optional(),
  fixAvailable: text.optional(),
  resources: list(record({ type: reference, id: reference, region: anyRegion, partition: text.optional() }), 10),
  packageVulnerabilityDetails: record({
    vulnerablePackages: z
      .array(record({ packageManager: text.optional() }))
      .max(1000)
      .optional(),
  }).optional(),
});

export type InspectorFinding = z.infer<typeof findingShape>;

/** Whether a version of at least one of the packages fixes the vulnerability. */
export const hasFix = ({ fixAvailable }: Pick<InspectorFinding, 'fixAvailable'>): boolean =>
  fixAvailable === 'YES' || fixAvailable === 'PARTIAL';

/** Whether a package belongs to the operating system. */
export const hasSystemPackage = ({ packageVulnerabilityDetails }: Pick<InspectorFinding, 'packageVulnerabilityDetails'>): boolean =>
  packageVulnerabilityDetails?.vulnerablePackages?.some(({ packageManager }) => packageManager === 'OS') === true;
