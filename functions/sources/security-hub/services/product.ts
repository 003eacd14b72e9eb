import type { Detectors } from '../../../../rules/detectors';
import { parseArn } from '../../../aws/arn';

/** The services whose findings Security Hub holds, too, by the name of their product: it is also our name of the source. */
const services = ['guardduty', 'inspector', 'macie', 'access-analyzer'] as const;
export type Service = (typeof services)[number];

const detectors = {
  guardduty: 'guardDuty',
  inspector: 'inspector',
  macie: 'macie',
  'access-analyzer': 'accessAnalyzer',
} as const satisfies Record<Service, keyof Detectors>;

export const isService = (source: string): source is Service => services.some((one) => one === source);

/** Whether a rule has detectors of the service. */
export const listensTo = (detectedBy: Detectors, service: Service): boolean => detectedBy[detectors[service]] !== undefined;

/**
 * The service that alone can import findings with this ARN: those of AWS's products have no account, and all others that of their owner.
 * `forms`: `product` in the AWS Security Finding Format; in OCSF also `productv2`.
 */
export function serviceIn(product: string, forms: readonly ('product' | 'productv2')[]): Service | undefined {
  const arn = parseArn(product);
  if (arn?.service !== 'securityhub' || arn.account !== '' || arn.region === '') return undefined;
  return services.find((service) => forms.some((form) => arn.resource === `${form}/aws/${service}`));
}

/** The ARN of the product of a service, by which Security Hub CSPM knows its findings. */
export const productArnOf = (service: Service, { partition, region }: { readonly partition: string; readonly region: string }): string =>
  `arn:${partition}:securityhub:${region}::product/aws/${service}`;
