import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Account } from './account';
import { withAppConfig } from './deploy-app-config';
import { putTablePolicies } from './table-policies';

/** What `cdk bootstrap` leaves in an account, as far as a template asks for it. */
const bootstrap = (bucket: string) => ({
  Resources: {
    Assets: { Type: 'AWS::S3::Bucket', Properties: { BucketName: bucket } },
    Version: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/cdk-bootstrap/hnb659fds/version', Type: 'String', Value: '30' } },
  },
});

/** The archive of nothing: the emulator does not run the code of a function. */
const emptyZip = Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)]);

interface Assets {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path: string; readonly packaging: 'file' | 'zip' };
        readonly destinations: Readonly<Record<string, { readonly bucketName: string; readonly objectKey: string }>>;
      }
    >
  >;
}

interface Template {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Condition?: string; readonly Properties?: Readonly<Record<string, unknown>> }>
  >;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** The template without outputs that tell the URL of a function or an API, be it of a nested stack: the emulator's CloudFormation makes none. */
function withoutUrls(text: string): string {
  const { Outputs, ...rest } = JSON.parse(text) as Template;
  if (!Outputs) return text;
  const urls = Object.entries(rest.Resources).flatMap(([id, { Type }]) =>
    ['AWS::Lambda::Url', 'AWS::ApiGatewayV2::Api'].includes(Type) ? [id] : [],
  );
  const isUrl = (value: string) => urls.some((id) => value.includes(`"${id}"`)) || /"Outputs\.\w+FunctionUrl"/.test(value);
  const told = Object.entries(Outputs).filter(([, { Value }]) => !isUrl(JSON.stringify(Value)));
  return JSON.stringify({ ...rest, Outputs: Object.fromEntries(told) });
}

/**
 * The template with the policies in roles as resources of their own, and managed ones that name their roles: what moto's CloudFormation puts into
 * a role, its IAM can't read, and of the ARNs in a role it knows nothing.
 */
function withSeparatePolicies(text: string): string {
  const { Resources, ...rest } = JSON.parse(text) as Template;
  const rolesWith = (policy: string) =>
    Object.entries(Resources).flatMap(([Ref, { Properties: { ManagedPolicyArns = [] } = {} }]) =>
      (ManagedPolicyArns as readonly { readonly Ref?: string }[]).some((one) => one.Ref === policy) ? [{ Ref }] : [],
    );
  const resources = Object.entries(Resources).flatMap(([id, resource]) => {
    const { Policies = [], ManagedPolicyArns: _, ...Properties } = resource.Properties ?? {};
    if (resource.Type === 'AWS::IAM::ManagedPolicy')
      return [[id, { ...resource, Properties: { ...Properties, Roles: rolesWith(id) } }] as const];
    if (resource.Type !== 'AWS::IAM::Role') return [[id, resource] as const];
    const policies = (Policies as readonly object[]).map(
      (policy, index) =>
        [
          `${id}Policy${index}`,
          { ...conditionOf(resource), Type: 'AWS::IAM::Policy', Properties: { ...policy, Roles: [{ Ref: id }] } },
        ] as const,
    );
    return [[id, { ...resource, Properties }] as const, ...policies];
  });
  return JSON.stringify({ ...rest, Resources: Object.fromEntries(resources) });
}

/** What is made only if a role is made, is made under its condition. */
const conditionOf = ({ Condition }: { readonly Condition?: string }) => (Condition === undefined ? {} : { Condition });

/**
 * The template with rules of its own buses as the emulator takes them: it knows a bus by its attribute alone, and fails a call of PutEvents
 * on a rule that would invoke a function. Who tests a route matches its pattern.
 */
function withoutInvocations(text: string): string {
  const { Resources, ...rest } = JSON.parse(text) as Template;
  const resources = Object.entries(Resources).map(([id, resource]) => {
    const { EventBusName, Targets: _, ...Properties } = resource.Properties ?? {};
    const { Ref: bus } = (EventBusName ?? {}) as { readonly Ref?: string };
    if (resource.Type !== 'AWS::Events::Rule' || bus === undefined) return [id, resource] as const;
    return [id, { ...resource, Properties: { ...Properties, EventBusName: { 'Fn::GetAtt': [bus, 'Name'] } } }] as const;
  });
  return JSON.stringify({ ...rest, Resources: Object.fromEntries(resources) });
}

/** The template without functions that read a stream: with each write to the table, the emulator would run them in Docker. */
function withoutStreams(text: string): string {
  const { Resources, ...rest } = JSON.parse(text) as Template;
  const resources = Object.entries(Resources).filter(
    ([, { Type, Properties = {} }]) => Type !== 'AWS::Lambda::EventSourceMapping' || Properties.StartingPosition === undefined,
  );
  return JSON.stringify({ ...rest, Resources: Object.fromEntries(resources) });
}

/** The template with permissions on functions in the place of those on aliases, of which the emulator's CloudFormation makes none. */
function withoutAliases(text: string): string {
  const { Resources, ...rest } = JSON.parse(text) as Template;
  const resources = Object.entries(Resources).map(([id, resource]) => {
    const { FunctionName } = (resource.Properties ?? {}) as {
      readonly FunctionName?: { readonly 'Fn::Join'?: readonly [string, unknown[]] };
    };
    const [, [name] = []] = FunctionName?.['Fn::Join'] ?? [];
    if (resource.Type !== 'AWS::Lambda::Permission' || name === undefined) return [id, resource] as const;
    return [id, { ...resource, Properties: { ...resource.Properties, FunctionName: name } }] as const;
  });
  return JSON.stringify({ ...rest, Resources: Object.fromEntries(resources) });
}

/** The template of roles that may write or that only read: the emulator's CloudFormation keeps elements of a list that have no value. */
function withGrants(text: string, grants: string): string {
  const chosen = (value: unknown): readonly unknown[] => {
    const [condition, then] = (value as { readonly 'Fn::If'?: readonly unknown[] } | null)?.['Fn::If'] ?? [];
    if (condition !== 'Writes') return [value];
    return grants === 'write' ? [then] : [];
  };
  return JSON.stringify(JSON.parse(text, (_, value: unknown) => (Array.isArray(value) ? value.flatMap(chosen) : value)));
}

/**
 * Deploys stacks of a cloud assembly by CloudFormation of the emulator, as `cdk deploy` does, with those of the parameters that each has, and
 * roles that may write unless they say otherwise. Throws where one does not come to stand.
 */
export async function deployStacks(
  target: Account,
  assembly: string,
  stacks: readonly string[],
  parameters: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { account, region, client } = target;
  const cloudFormation = client(CloudFormationClient);
  const s3 = client(S3Client);
  const bucket = `cdk-hnb659fds-assets-${account}-${region}`;
  await create('CDKToolkit', JSON.stringify(bootstrap(bucket)));
  for (const stack of stacks) {
    await upload(JSON.parse(readFileSync(path.join(assembly, `${stack}.assets.json`), 'utf8')) as Assets);
    const template = await withAppConfig(target, readFileSync(path.join(assembly, `${stack}.template.json`), 'utf8'));
    const known = Object.keys((JSON.parse(template) as { readonly Parameters?: object }).Parameters ?? {});
    const { Grants = 'write', ...others } = parameters;
    const given = Object.entries({ Grants, ...others }).filter(([name]) => known.includes(name));
    const granted = withGrants(template, Grants);
    const deployable = withoutStreams(withoutAliases(withoutUrls(withoutInvocations(withSeparatePolicies(granted)))));
    await create(stack, deployable, Object.fromEntries(given));
    await putTablePolicies(target, template, parameters);
  }
  cloudFormation.destroy();
  s3.destroy();

  async function upload({ files }: Assets): Promise<void> {
    for (const { source, destinations } of Object.values(files)) {
      const template = () => withoutUrls(withSeparatePolicies(readFileSync(path.join(assembly, source.path), 'utf8')));
      const Body = source.packaging === 'zip' ? emptyZip : template();
      for (const { objectKey: Key } of Object.values(destinations)) await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
    }
  }

  async function create(StackName: string, TemplateBody: string, values: Readonly<Record<string, string>> = {}): Promise<void> {
    const Parameters = Object.entries(values).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
    await cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody, Parameters, Capabilities: ['CAPABILITY_NAMED_IAM'] }));
    const { Stacks: [stack] = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
    if (stack?.StackStatus !== 'CREATE_COMPLETE')
      throw new Error(`The stack ${StackName} is ${stack?.StackStatus} in the emulator. ${stack?.StackStatusReason ?? ''}`);
  }
}
