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
  /** The type that the inspection saw. */
  readonly before: AuthorizerType;
}

/** Changes the authorizer of a gateway, and nothing else. */
export const SetAuthorizerCommand = amend<Change>(
  UpdateGatewayCommand,
  async ({ gatewayIdentifier, authorizerType, authorizerConfiguration, before }, aws) => {
    const gateway = await aws.send(new GetGatewayCommand({ gatewayIdentifier }));
    if (gateway.authorizerType !== before)
      throw new Error(
        `The authorizer of ${gatewayIdentifier} has changed from ${before} to ${gateway.authorizerType} since the inspection. This change was not made.`,
      );
    return new UpdateGatewayCommand({ ...gateway, roleArn: gateway.roleArn, gatewayIdentifier, authorizerType, authorizerConfiguration });
  },
);
