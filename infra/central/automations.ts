import { Aws } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { channels } from '../../functions/control/channel';

const documents = {
  'posture-stop': 'Stops all changes by the posture remediator immediately.',
  'posture-resume': 'Allows the posture remediator to make changes again.',
} as const;

/** SSM automations with which an operator stops and resumes all changes in the console. The function reads from SSM who executed them. */
export function automations(scope: Construct, control: { readonly function: string; readonly alias: string }): void {
  const role = new Role(scope, 'AutomationRole', {
    roleName: 'posture-automation',
    description: 'Assumed by the automations that stop and resume all changes.',
    assumedBy: new ServicePrincipal('ssm.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
        ArnLike: { 'aws:SourceArn': `arn:${Aws.PARTITION}:ssm:${Aws.REGION}:${Aws.ACCOUNT_ID}:automation-execution/*` },
      },
    }),
    inlinePolicies: {
      invoke: new PolicyDocument({
        // A principal that can run the automations can pass this role to its own document. The alias limits it to these requests.
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
        parameters: { Why: { type: 'String', description: 'The reason, for the audit log.', minChars: 3, maxChars: 1000 } },
        mainSteps: [
          {
            name: 'request',
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
