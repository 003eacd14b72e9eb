import { type DBInstance, ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { defineRule, gone, type Obstacle, type Rule } from '../../rule';
import { hindrance, obstacleBy } from '../status/obstacle';
import { describeInstance, instances, listInstances } from './describe';
import { dbInstance } from './resource';

/** Whether the setting is on. If not, what prevents a change: a `status` other than available, or `none`, why there is no such setting. */
type State = { readonly on: boolean; readonly status?: string; readonly none?: Obstacle };

type Words = Pick<Rule, 'id' | 'title' | 'why' | 'impact' | 'severity' | 'risk' | 'detectedBy'>;

/** A Boolean setting of a DB instance that Amazon RDS changes immediately, without a restart. */
export interface Attribute extends Words {
  readonly attribute: 'AutoMinorVersionUpgrade' | 'CopyTagsToSnapshot' | 'DeletionProtection';
  /** Why this instance has no such setting of its own; undefined if it has. */
  readonly none: (instance: DBInstance) => Obstacle | undefined;
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
      if (none !== undefined) return none;
      if (status !== undefined) return obstacleBy('instance', status);
      // AWS applies it immediately. ApplyImmediately would also apply other changes that wait for the maintenance window.
      const turned = (value: boolean) => new ModifyDBInstanceCommand({ DBInstanceIdentifier: id, [attribute]: value });
      return [{ do: turned(true), undo: turned(false) }];
    },

    list: (_, aws) => listInstances(aws, (instance) => reasonWhyNot(instance) === undefined),
  });
