import { AwsError } from '../error';
import type { Service } from '../request';

/** No account blocks public access as a whole. */
export const s3control: Service = {
  GetPublicAccessBlock() {
    throw new AwsError('NoSuchPublicAccessBlockConfiguration', 'The public access block configuration was not found', 404);
  },
};
