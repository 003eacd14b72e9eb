/** The four Block Public Access settings. */
export type PublicAccessBlock = Readonly<
  Record<'BlockPublicAcls' | 'BlockPublicPolicy' | 'IgnorePublicAcls' | 'RestrictPublicBuckets', boolean>
>;

/** All four settings enabled. */
export const wholeBlock: PublicAccessBlock = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
};

type Settings = { readonly [Setting in keyof PublicAccessBlock]?: boolean | undefined };

/** The settings in a response; an omitted setting is off. Null if there is no configuration. */
export const blockIn = (settings: Settings | undefined): PublicAccessBlock | null =>
  settings
    ? {
        BlockPublicAcls: settings.BlockPublicAcls === true,
        BlockPublicPolicy: settings.BlockPublicPolicy === true,
        IgnorePublicAcls: settings.IgnorePublicAcls === true,
        RestrictPublicBuckets: settings.RestrictPublicBuckets === true,
      }
    : null;

export const isWhole = (block: PublicAccessBlock | null): boolean => block !== null && Object.values(block).every(Boolean);
