import { RedshiftServerlessClient, UpdateWorkgroupCommand } from '@aws-sdk/client-redshift-serverless';
import { booleanAttributeRule, type Words } from '../../boolean-attribute';
import { readWorkgroups, workgroups } from './describe';
import { workgroup } from './resource';

/** A Boolean setting of a workgroup. */
export interface Attribute extends Words {
  readonly attribute: 'enhancedVpcRouting' | 'publiclyAccessible';
  readonly expected: boolean;
}

/** A rule that sets a workgroup setting to the expected value. */
export const attributeRule = ({ attribute, ...words }: Attribute) =>
  booleanAttributeRule({
    ...words,
    resource: workgroup,
    property: attribute.replace(/^./, (letter) => letter.toUpperCase()),
    permissions: {
      // IAM supports no resource-level permissions for it.
      inspect: { actions: ['redshift-serverless:ListWorkgroups'], on: '*' },
      change: { actions: ['redshift-serverless:UpdateWorkgroup'], on: workgroups },
    },
    clients: [RedshiftServerlessClient],
    commands: [UpdateWorkgroupCommand],
    settle: 1800,
    describe: async ({ arn }, aws) => (await readWorkgroups(aws)).find(({ workgroupArn }) => workgroupArn === arn),
    settingOf: (found) => found[attribute],
    nameOf: ({ workgroupName = '' }) => workgroupName,
    targets: (workgroupName) => ({ UpdateWorkgroup: { workgroupName } }),
    hindrance: ({ status = 'unknown' }) => (status === 'AVAILABLE' ? {} : { status }),
    obstacleBy: (status) => ({
      blocked: `The workgroup is ${status}. Redshift Serverless accepts changes when it is AVAILABLE again.`,
      code: 'being-modified',
    }),
    turned: (workgroupName, value) => new UpdateWorkgroupCommand({ workgroupName, [attribute]: value }),
    list: async (_, aws) => (await readWorkgroups(aws)).flatMap(({ workgroupArn }) => workgroupArn ?? []),
  });
