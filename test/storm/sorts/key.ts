import { type Sort, tag } from './sort';

/** One setting, on or off. */
export const key: Sort = {
  type: 'AwsKmsKey',

  make({ account, region }, number) {
    const id = `${number.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
    const arn = `arn:aws:kms:${region}:${account}:key/${id}`;
    return { arn, cell: { account, region, arn, rotation: true, tags: {} } };
  },

  misconfigurations: [
    {
      rule: 'kms-key-rotation-enabled',
      control: 'KMS.4',
      bring(cell) {
        cell.rotation = false;
      },
      isIn: ({ rotation }) => !rotation,
    },
  ],

  others: [tag],
  view: ({ rotation, tags }) => ({ rotation, tags }),
};
