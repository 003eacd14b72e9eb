/** What the SDK knows already, and the models of the pinned botocore not yet; by service, as they are written. */
export const newer: Readonly<Record<string, { readonly shapes: Readonly<Record<string, object>> }>> = {
  guardduty: {
    shapes: {
      DetectorFeatureConfigurationResult: { members: { ManagedBy: { shape: 'ManagedBy' } } },
      ManagedBy: { type: 'string', enum: ['GUARDDUTY_POLICY'] },
    },
  },
};
