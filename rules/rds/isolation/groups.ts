import {
  ModifyDBClusterCommand,
  type ModifyDBClusterCommandInput,
  ModifyDBInstanceCommand,
  type ModifyDBInstanceCommandInput,
} from '@aws-sdk/client-rds';
import { amend } from '../../amendment';
import { closedGroupIn } from '../../ec2/quarantine-group/group';
import type { Aws } from '../../rule';

/** The VPC whose quarantine group replaces all security groups, and the account that owns the group. */
interface Quarantine {
  readonly VpcId?: string | undefined;
  readonly OwnerId?: string | undefined;
}

async function groupsFor({ VpcId, OwnerId }: Quarantine, aws: Aws): Promise<{ readonly VpcSecurityGroupIds?: string[] }> {
  return VpcId === undefined ? {} : { VpcSecurityGroupIds: [await closedGroupIn(VpcId, OwnerId ?? '', aws)] };
}

// AWS applies these immediately. ApplyImmediately would also apply other changes that wait for the maintenance window.
export const SetInstanceAccessCommand = amend<ModifyDBInstanceCommandInput & Quarantine>(
  ModifyDBInstanceCommand,
  async ({ VpcId, OwnerId, ...input }, aws) => new ModifyDBInstanceCommand({ ...input, ...(await groupsFor({ VpcId, OwnerId }, aws)) }),
);

export const SetClusterGroupsCommand = amend<ModifyDBClusterCommandInput & Quarantine>(
  ModifyDBClusterCommand,
  async ({ VpcId, OwnerId, ...input }, aws) => new ModifyDBClusterCommand({ ...input, ...(await groupsFor({ VpcId, OwnerId }, aws)) }),
);
