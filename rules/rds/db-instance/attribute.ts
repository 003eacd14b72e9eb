import { type DBInstance, ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { booleanAttributeRule, type Words } from '../../boolean-attribute';
import type { Obstacle } from '../../rule';
import { hindrance, obstacleBy } from '../status/obstacle';
import { describeInstance, instances, listInstances } from './describe';
import { dbInstance } from './resource';

/** A Boolean setting of a DB instance that Amazon RDS changes immediately, without a restart. */
export interface Attribute extends Words {
  readonly attribute: 'AutoMinorVersionUpgrade' | 'CopyTagsToSnapshot' | 'DeletionProtection';
  /** Why this instance has no such setting of its own; undefined if it has. */
  readonly none: (instance: DBInstance) => Obstacle | undefined;
}

/** A rule that turns a setting of DB instances on. */
export const attributeRule = ({ attribute, none, ...words }: Attribute) =>
  booleanAttributeRule({
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
    expected: true,
    describe: ({ id }, aws) => describeInstance(id, aws),
    settingOf: (instance) => instance[attribute],
    hindrance: ({ DBInstanceStatus }) => hindrance(DBInstanceStatus),
    obstacleBy: (status) => obstacleBy('instance', status),
    none,
    // AWS applies it immediately. ApplyImmediately would also apply other changes that wait for the maintenance window.
    turned: (DBInstanceIdentifier, value) => new ModifyDBInstanceCommand({ DBInstanceIdentifier, [attribute]: value }),
    list: (_, aws) => listInstances(aws, (instance) => none(instance) === undefined),
  });
