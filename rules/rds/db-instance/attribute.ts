import { type DBInstance, ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { defineRule, gone, type Rule } from '../../rule';
import { hindrance, obstacleBy } from '../status/obstacle';
import { describeInstance, instances, listInstances } from './describe';
import { dbInstance } from './resource';

/** Whether the setting is on; where it is not, what stands in the way: a `status` other than available, or `none`, why there is no such setting. */
type State = { readonly on: boolean; readonly status?: string; readonly none?: string };

type Words = Pick<Rule, 'id' | 'title' | 'why' | 'impact' | 'severity' | 'risk' | 'detectedBy'>;

/** A setting of a DB instance that is on or off, and that AWS RDS changes at once and without a restart. */
export interface Attribute extends Words {
  readonly attribute: 'AutoMinorVersionUpgrade' | 'CopyTagsToSnapshot' | 'DeletionProtection';
  /** Why this instance has no such setting of its own, in a sentence; undefined if it has. */
  readonly none: (instance: DBInstance) => string | undefined;
}

/** A rule that turns a setting of DB instances on. */
export const attributeRule = ({ attribute, none: reasonWhyNot, ...words }: Attribute): Rule<State, Record<string, never>> =>
  defineRule({
    ...words,
    resource: dbInstance,
    property: attribute,
    permissions: {
      inspect: { actions: ['rds:DescribeDBInstances'], on: instances },
      change: { actions: ['rds:ModifyDBInstance'], on: instances },
    },
    clients: [RDSClient],
    commands: [ModifyDBInstanceCommand],
    settle: 600,

    async inspect({ id }, aws): Promise<State | typeof gone> {
      const instance = await describeInstance(id, aws);
      if (!instance) return gone;
      if (instance[attribute]) return { on: true };
      const none = reasonWhyNot(instance);
      return { on: false, ...hindrance(instance.DBInstanceStatus), ...(none !== undefined && { none }) };
    },

    plan({ id }, { on, status, none }) {
      if (on) return [];
      if (none !== undefined) return { unfixable: none };
      if (status !== undefined) return obstacleBy('instance', status);
      // Applied at once in any case. ApplyImmediately would apply all else that waits for the maintenance window too.
      const turned = (value: boolean) => new ModifyDBInstanceCommand({ DBInstanceIdentifier: id, [attribute]: value });
      return [{ do: turned(true), undo: turned(false) }];
    },

    list: (_, aws) => listInstances(aws, (instance) => reasonWhyNot(instance) === undefined),
  });
