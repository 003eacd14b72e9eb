import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import type { Account } from '../emulator/account';

/** A resource that CloudFormation says it has made. */
export interface DeployedResource {
  readonly type: string;
  /** What `Ref` gives. */
  readonly physicalId: string;
}

/** The resources of a stack and of those nested in it. */
export async function deployedResources(account: Account, stack: string): Promise<readonly DeployedResource[]> {
  const client = account.client(CloudFormationClient);
  const found: DeployedResource[] = [];
  for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName: stack })) {
    for (const { PhysicalResourceId: physicalId = '', ResourceType: type = '' } of StackResourceSummaries) {
      // The emulator lists what it passes over, too, but without saying what it is.
      if (type === '') continue;
      found.push({ type, physicalId });
      if (type === 'AWS::CloudFormation::Stack') found.push(...(await deployedResources(account, physicalId)));
    }
  }
  return found;
}
