import { CreateClusterCommand, type CreateClusterCommandInput } from '@aws-sdk/client-eks';
import type { World } from '../../contract/scenario';

/** Makes a cluster that everybody reaches, but for what is said otherwise; its name. */
export const clusterWith =
  (input: Partial<CreateClusterCommandInput>) =>
  async (world: World): Promise<string> => {
    const name = `cluster-${Math.random().toString(36).slice(2)}`;
    const roleArn = `arn:aws:iam::${world.account}:role/cluster`;
    const resourcesVpcConfig = { subnetIds: ['subnet-0a'], endpointPublicAccess: true, endpointPrivateAccess: true };
    await world.send(new CreateClusterCommand({ name, roleArn, resourcesVpcConfig, ...input }));
    return name;
  };
