import { Aws } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { channels } from '../../functions/control/channel';

const documents = {
  'posture-stop': 'Stops all changes of the posture remediator at once.',
  'posture-resume': 'Lets the posture remediator make changes again.',
} as const;

/** SSM automations by which a person stops and starts all changes in the console: one click on Execute. SSM tells the function who it was. */
export function automations(scope: Construct, control: { readonly function: string; readonly alias: string }): void {
  const role = new Role(scope, 'AutomationRole', {
    roleName: 'posture-automation',
    description: 'Of the automations by which people stop and start all changes.',
    assumedBy: new ServicePrincipal('ssm.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } } }),
    inlinePolicies: {
      invoke: new PolicyDocument({
        // Whoever runs the automations may pass this role to a document of their own. By the alias they give no other orders than these.
        statements: [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [control.alias] })],
      }),
    },
  });
  for (const [name, description] of Object.entries(documents)) {
    new CfnDocument(scope, name, {
      name,
      documentType: 'Automation',
      documentFormat: 'JSON',
      updateMethod: 'NewVersion',
      content: {
        schemaVersion: '0.3',
        description,
        assumeRole: role.roleArn,
        parameters: { Why: { type: 'String', description: 'The reason, for the log.', minChars: 3, maxChars: 1000 } },
        mainSteps: [
          {
            name: 'order',
            action: 'aws:invokeLambdaFunction',
            isEnd: true,
            inputs: {
              FunctionName: control.function,
              Qualifier: channels.automations,
              InvocationType: 'RequestResponse',
              InputPayload: { automation: '{{ automation:EXECUTION_ID }}' },
            },
          },
        ],
      },
    });
  }
}
