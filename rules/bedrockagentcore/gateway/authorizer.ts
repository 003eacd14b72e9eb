import {
  type AuthorizerConfiguration,
  type AuthorizerType,
  GetGatewayCommand,
  UpdateGatewayCommand,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { amend } from '../../amendment';

interface Change {
  readonly gatewayIdentifier: string;
  readonly authorizerType: AuthorizerType;
  readonly authorizerConfiguration?: AuthorizerConfiguration | undefined;
  /** The type when it was looked at. */
  readonly before: AuthorizerType;
}

/** Changes who may call a gateway, and nothing else of it. */
export const SetAuthorizerCommand = amend<Change>(
  UpdateGatewayCommand,
  async ({ gatewayIdentifier, authorizerType, authorizerConfiguration, before }, aws) => {
    const gateway = await aws.send(new GetGatewayCommand({ gatewayIdentifier }));
    if (gateway.authorizerType !== before)
      throw new Error(
        `The authorizer of ${gatewayIdentifier} was ${before} when it was looked at, and is ${gateway.authorizerType} now. Nothing was changed.`,
      );
    return new UpdateGatewayCommand({ ...gateway, roleArn: gateway.roleArn, gatewayIdentifier, authorizerType, authorizerConfiguration });
  },
);
