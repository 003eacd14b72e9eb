import type { Request } from './request';

type Named = Pick<Request, 'input' | 'account' | 'region'>;

const names: Readonly<Record<string, (request: Named) => string | undefined>> = {
  s3: ({ input }) => (input.Bucket === undefined ? undefined : `arn:aws:s3:::${input.Bucket}`),
  ec2: ({ input, account, region }) => {
    const id = input.GroupId ?? input.GroupIds?.[0] ?? input.Filters?.[0]?.Values?.[0];
    return id && `arn:aws:ec2:${region}:${account}:security-group/${id}`;
  },
  iam: ({ account }) => `AWS::::Account:${account}`,
  lambda: ({ input, account, region }) =>
    input.Resource ?? (input.FunctionName && `arn:aws:lambda:${region}:${account}:function:${String(input.FunctionName).split(':')[0]}`),
  sqs({ input, account, region }) {
    const name = input.QueueName ?? /[^/]+$/.exec(input.QueueUrl ?? '')?.[0];
    return name && `arn:aws:sqs:${region}:${account}:${name}`;
  },
  sns: ({ input }) => input.TopicArn ?? input.ResourceArn,
  kms: ({ input, account, region }) => input.KeyId && `arn:aws:kms:${region}:${account}:key/${input.KeyId}`,
  rds: ({ input, account, region }) =>
    input.ResourceName ?? (input.DBInstanceIdentifier && `arn:aws:rds:${region}:${account}:db:${input.DBInstanceIdentifier}`),
};

/** The services whose resources the rules of a storm change. */
export const isAboutResources = (service: string): boolean => service in names || service === 's3control';

/** The ARN of the resource that a call names. */
export const resourceOf = (service: string, request: Named): string | undefined => names[service]?.(request);

/** Whether an operation of such a service changes something. */
export const changes = (service: string, operation: string): boolean => service in names && !/^(Get|List|Describe|Batch)/.test(operation);
