import { DynamoDBClient, PutResourcePolicyCommand } from '@aws-sdk/client-dynamodb';
import type { Account } from './account';

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }>>;
  readonly Parameters?: Readonly<Record<string, { readonly Default?: string }>>;
}

/** Puts the policies of the template's tables, which CloudFormation of the emulator passes over. */
export async function putTablePolicies(target: Account, text: string, parameters: Readonly<Record<string, string>>): Promise<void> {
  const { account, region, client } = target;
  const { Resources, Parameters = {} } = JSON.parse(text) as Template;
  const defaults = Object.entries(Parameters).map(([name, { Default = '' }]) => [name, Default] as const);
  const known = { ...Object.fromEntries(defaults), ...parameters, ...pseudo(account, region) };
  const dynamo = client(DynamoDBClient);
  for (const { Type, Properties = {} } of Object.values(Resources)) {
    const { TableName, ResourcePolicy } = Properties as { TableName?: string; ResourcePolicy?: { readonly PolicyDocument: unknown } };
    if (Type !== 'AWS::DynamoDB::Table' || ResourcePolicy === undefined) continue;
    const ResourceArn = `arn:aws:dynamodb:${region}:${account}:table/${TableName}`;
    const Policy = JSON.stringify(resolved(ResourcePolicy.PolicyDocument, known));
    await dynamo.send(new PutResourcePolicyCommand({ ResourceArn, Policy }));
  }
  dynamo.destroy();
}

const pseudo = (account: string, region: string) => ({ 'AWS::Partition': 'aws', 'AWS::Region': region, 'AWS::AccountId': account });

/** The value with its references and joins written out. Throws for any other function of CloudFormation. */
function resolved(value: unknown, known: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(value)) return value.map((item) => resolved(item, known));
  if (typeof value !== 'object' || value === null) return value;
  const { Ref, 'Fn::Join': join } = value as { Ref?: string; 'Fn::Join'?: readonly [string, readonly unknown[]] };
  if (Ref !== undefined && known[Ref] !== undefined) return known[Ref];
  if (join) return (resolved(join[1], known) as readonly string[]).join(join[0]);
  const unknown = Object.keys(value).find((key) => key === 'Ref' || key.startsWith('Fn::'));
  if (unknown) throw new Error(`The policy of a table has ${unknown}: ${JSON.stringify(value)}.`);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, known)]));
}
