import { RedshiftServerlessClient, UpdateWorkgroupCommand } from '@aws-sdk/client-redshift-serverless';
import { defineRule, gone, type Rule } from '../../rule';
import { readWorkgroups, workgroups } from './describe';
import { workgroup } from './resource';

/** The name of the workgroup, and whether the setting has the expected value. If not, the `status` that prevents a change, if any. */
type State = { readonly name: string; readonly done: boolean; readonly status?: string };

type Words = Pick<Rule, 'id' | 'title' | 'why' | 'impact' | 'severity' | 'risk' | 'detectedBy'>;

/** A Boolean setting of a workgroup. */
export interface Attribute extends Words {
  readonly attribute: 'enhancedVpcRouting' | 'publiclyAccessible';
  readonly wished: boolean;
}

/** A rule that sets a workgroup setting to the expected value. */
export const attributeRule = ({ attribute, wished, ...words }: Attribute): Rule<State, Record<string, never>> =>
  defineRule({
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

    async inspect({ arn }, aws): Promise<State | typeof gone> {
      const found = (await readWorkgroups(aws)).find(({ workgroupArn }) => workgroupArn === arn);
      if (!found) return gone;
      const { workgroupName: name = '', status = 'unknown' } = found;
      if ((found[attribute] ?? false) === wished) return { name, done: true };
      return { name, done: false, ...(status !== 'AVAILABLE' && { status }) };
    },

    plan(_, { name, done, status }) {
      if (done) return [];
      if (status !== undefined)
        return {
          blocked: `The workgroup is ${status}. Redshift Serverless accepts changes when it is AVAILABLE again.`,
          code: 'being-modified',
        };
      const turned = (value: boolean) => new UpdateWorkgroupCommand({ workgroupName: name, [attribute]: value });
      return [{ do: turned(wished), undo: turned(!wished) }];
    },

    list: async (_, aws) => (await readWorkgroups(aws)).flatMap(({ workgroupArn }) => workgroupArn ?? []),
  });
