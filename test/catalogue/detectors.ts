import table from './detectors.json';

/** What AWS documents of a control or an AWS Config rule. */
export interface Documented {
  /** The page, if its name doesn't follow from that of the detector. */
  readonly page?: string;
  /** The control whose page describes it, for a rule of Security Hub itself: AWS Config has no page of it. */
  readonly control?: string;
  /** The Config rule that the page of a control names, if it names one. */
  readonly rule?: string;
  /** The day on which the page was read; null if no copy of it was found. */
  readonly read: string | null;
  /** When AWS evaluates a resource; null if not known, and then the detector counts as periodic. */
  readonly trigger: 'change' | 'periodic' | 'change and periodic' | null;
  /** Where AWS says how long an evaluation can take, and it is not as usual for the trigger. */
  readonly within?: { readonly hours: number; readonly why: string };
  /** By name, the value by which AWS judges unless its owner sets another; null if there is none. */
  readonly parameters: Readonly<Record<string, string | null>>;
  /** Names that the page doesn't list and the rule accepts nevertheless, and why, in a sentence. */
  readonly unlisted?: Readonly<Record<string, string>>;
}

export const documented = { securityHub: table.securityHub, config: table.config } as {
  readonly [source in 'securityHub' | 'config']: Readonly<Record<string, Documented>>;
};

/** Where the pages were read, in sentences. */
export const { copies, earlier } = table;

const guides = {
  securityHub: 'https://docs.aws.amazon.com/securityhub/latest/userguide',
  config: 'https://docs.aws.amazon.com/config/latest/developerguide',
};

/** Whether it is the name of a control, as `S3.8`, and not of a Config rule. */
export const isControl = (detector: string): boolean => /^\w+\.\d+$/.test(detector);

/** Undefined for a detector that the table lacks. */
export const documentedOf = (detector: string): Documented | undefined =>
  Object.entries(documented[isControl(detector) ? 'securityHub' : 'config']).find(([name]) => name === detector)?.[1];

/** The address of AWS's page about the detector. */
export function pageOf(detector: string): string {
  const { page, control } = documentedOf(detector) ?? {};
  if (control !== undefined) return pageOf(control);
  if (!isControl(detector)) return `${guides.config}/${page ?? detector}.html`;
  const [service = '', number = ''] = detector.toLowerCase().split('.');
  return `${guides.securityHub}/${page ?? `${service}-controls`}.html#${service}-${number}`;
}

/** The names of all parameters that a rule has to know, with those that the page doesn't list. */
export const parameterNamesOf = ({ parameters, unlisted = {} }: Documented): readonly string[] => [
  ...Object.keys(parameters),
  ...Object.keys(unlisted),
];
