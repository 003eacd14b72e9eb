/** The four settings that together keep the public out. */
export type PublicAccessBlock = Readonly<
  Record<'BlockPublicAcls' | 'BlockPublicPolicy' | 'IgnorePublicAcls' | 'RestrictPublicBuckets', boolean>
>;

/** All four on. */
export const wholeBlock: PublicAccessBlock = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
};

/** The settings in an answer of AWS, where a setting left out is off; null where there are none at all. */
export const blockIn = (settings: Partial<PublicAccessBlock> | undefined): PublicAccessBlock | null =>
  settings
    ? {
        BlockPublicAcls: settings.BlockPublicAcls === true,
        BlockPublicPolicy: settings.BlockPublicPolicy === true,
        IgnorePublicAcls: settings.IgnorePublicAcls === true,
        RestrictPublicBuckets: settings.RestrictPublicBuckets === true,
      }
    : null;

export const isWhole = (block: PublicAccessBlock | null): boolean => block !== null && Object.values(block).every(Boolean);
