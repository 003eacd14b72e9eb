import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Synthesis, Template } from '../../infra/synth';
import type { Account } from '../emulator/account';

/** A resource that CloudFormation says it has made. */
export interface DeployedResource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  /** What `Ref` gives. */
  readonly physicalId: string;
}

/** Where an asset of a stack goes, as its manifest says. */
interface Asset {
  readonly source: { readonly path: string; readonly packaging: 'file' | 'zip' };
  readonly destinations: Readonly<Record<string, { readonly bucketName: string; readonly objectKey: string }>>;
}

/** A zip archive that holds nothing: the emulator runs no code. */
const emptyZip = Buffer.from('PK\u0005\u0006'.padEnd(22, '\0'), 'latin1');

/** Deploys the stacks in their order, as `cdk deploy --all` does: assets to the bucket of the bootstrap, then CloudFormation. Throws where a stack fails. */
export async function deploy(
  account: Account,
  { app, assembly }: Pick<Synthesis, 'app' | 'assembly'>,
): Promise<readonly DeployedResource[]> {
  const s3 = account.client(S3Client);
  const cloudFormation = account.client(CloudFormationClient);
  const Bucket = `cdk-hnb659fds-assets-${account.account}-${account.region}`;
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: account.region as 'eu-west-1' } }));
  await Promise.all(assetsIn(assembly).map(upload));

  const made: DeployedResource[] = [];
  for (const { stackName, templateFile } of app.synth().stacks) {
    const template = JSON.parse(readFileSync(path.join(assembly, templateFile), 'utf8')) as Template & { readonly Rules?: object };
    // The emulator was never bootstrapped.
    const { BootstrapVersion: _, ...Parameters } = template.Parameters ?? {};
    const { Rules: __, ...rest } = { ...template, Parameters };
    await cloudFormation.send(
      new CreateStackCommand({ StackName: stackName, TemplateBody: JSON.stringify(rest), Capabilities: ['CAPABILITY_NAMED_IAM'] }),
    );
    made.push(...(await resourcesOf(stackName)));
  }
  return made;

  async function upload({ source, destinations }: Asset): Promise<void> {
    const [destination] = Object.values(destinations);
    const Body = source.packaging === 'file' ? readFileSync(path.join(assembly, source.path)) : emptyZip;
    await s3.send(new PutObjectCommand({ Bucket, Key: destination?.objectKey, Body }));
  }

  async function resourcesOf(stack: string): Promise<readonly DeployedResource[]> {
    const { Stacks: [state] = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stack }));
    if (state?.StackStatus !== 'CREATE_COMPLETE')
      throw new Error(`The stack ${stack} ended in ${state?.StackStatus}: ${state?.StackStatusReason}.`);
    const found: DeployedResource[] = [];
    for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client: cloudFormation }, { StackName: stack })) {
      for (const {
        LogicalResourceId: logicalId = '',
        PhysicalResourceId: physicalId = '',
        ResourceType: type = '',
      } of StackResourceSummaries) {
        // The emulator lists what it passes over, too, but without saying what it is.
        if (type === '') continue;
        found.push({ stack, logicalId, type, physicalId });
        if (type === 'AWS::CloudFormation::Stack') found.push(...(await resourcesOf(physicalId)));
      }
    }
    return found;
  }
}

function assetsIn(assembly: string): readonly Asset[] {
  const manifests = readdirSync(assembly).filter((file) => file.endsWith('.assets.json'));
  return manifests.flatMap((file) => {
    const { files } = JSON.parse(readFileSync(path.join(assembly, file), 'utf8')) as { readonly files: Readonly<Record<string, Asset>> };
    return Object.values(files);
  });
}
