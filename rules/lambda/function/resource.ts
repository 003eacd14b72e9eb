import { ListTagsCommand } from '@aws-sdk/client-lambda';
import type { ResourceKind } from '../../rule';

/** A function, with all its versions and aliases. */
export const lambdaFunction: ResourceKind = {
  type: 'AWS::Lambda::Function',
  arn: 'arn:{partition}:lambda:{region}:{account}:function:{id}',
  ownNames: [{ pattern: 'posture-*', what: 'a function of this product', contained: 'asks' }],
  scope: 'regional',
  changedBy: {
    service: 'lambda',
    calls: {
      'requestParameters.functionName': [
        'CreateFunction20150331',
        'AddPermission20150331v2',
        'CreateFunctionUrlConfig',
        'UpdateFunctionUrlConfig',
        'UpdateFunctionConfiguration20150331v2',
      ],
    },
  },
  // A version or an alias: `name:qualifier`.
  target: ({ id }) => ({ FunctionName: (name) => name === id || name.startsWith(`${id}:`) }),
  permissions: [{ actions: ['lambda:ListTags'], on: 'arn:{partition}:lambda:{region}:{account}:function:*' }],

  async tags({ arn }, aws) {
    return (await aws.send(new ListTagsCommand({ Resource: arn }))).Tags ?? {};
  },
};
