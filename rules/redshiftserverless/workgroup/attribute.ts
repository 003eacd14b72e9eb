import { RedshiftServerlessClient, UpdateWorkgroupCommand } from '@aws-sdk/client-redshift-serverless';
import { booleanAttributeRule, type Words } from '../../boolean-attribute';
import { readWorkgroups, workgroups } from './describe';
import { workgroup } from './resource';

/** A setting of a workgroup that is on or off. */
export interface Attribute extends Words {
  readonly attribute: 'enhancedVpcRouting' | 'publiclyAccessible';
  readonly wished: boolean;
}

/** A rule that gives a setting of workgroups its wished value. */
export const attributeRule = ({ attribute, ...words }: Attribute) =>
  booleanAttributeRule({
    ...words,
    resource: workgroup,
    property: attribute.replace(/^./, (letter) => letter.toUpperCase()),
    permissions: {
      // IAM offers no resource-level permission for it.
      inspect: { actions: ['redshift-serverless:ListWorkgroups'], on: '*' },
      change: { actions: ['redshift-serverless:UpdateWorkgroup'], on: workgroups },
    },
    clients: [RedshiftServerlessClient],
    commands: [UpdateWorkgroupCommand],
    settle: 1800,
    describe: async ({ arn }, aws) => (await readWorkgroups(aws)).find(({ workgroupArn }) => workgroupArn === arn),
    settingOf: (found) => found[attribute],
    nameOf: ({ workgroupName = '' }) => workgroupName,
    hindrance: ({ status = 'unknown' }) => (status === 'AVAILABLE' ? {} : { status }),
    obstacleBy: (status) => ({ blocked: `The workgroup is ${status}; Redshift Serverless takes changes when it is AVAILABLE again.` }),
    turned: (workgroupName, value) => new UpdateWorkgroupCommand({ workgroupName, [attribute]: value }),
    list: async (_, aws) => (await readWorkgroups(aws)).flatMap(({ workgroupArn }) => workgroupArn ?? []),
  });
