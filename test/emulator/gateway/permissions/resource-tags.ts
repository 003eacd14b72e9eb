import { assumeRole, ownerRole } from '../../account';
import type { Operation } from '../operation';
import type { Statement } from './statement';

/** Whether a policy asks for the tags of what a call acts on. */
export const asksTags = (statements: readonly Statement[]): boolean => /"aws:ResourceTag\//i.test(JSON.stringify(statements));

/** The condition keys by the tags of the security group that a call names, as Amazon EC2 of the emulator has them. Of nothing else, tags are asked for. */
export const readResourceTags = (emulator: string) => ({
  async of(
    { service, input }: Pick<Operation, 'service' | 'input'>,
    { account, region }: { readonly account: string; readonly region: string },
  ): Promise<Readonly<Record<string, string>>> {
    if (service !== 'ec2' || typeof input.GroupId !== 'string') return {};
    // Seldom needed, and slow to load.
    const { DescribeSecurityGroupsCommand, EC2Client } = await import('@aws-sdk/client-ec2');
    const credentials = await assumeRole({ url: emulator }, `arn:aws:iam::${account}:role/${ownerRole}`, region);
    const client = new EC2Client({ endpoint: emulator, region, credentials });
    try {
      const { SecurityGroups = [] } = await client.send(new DescribeSecurityGroupsCommand({ GroupIds: [input.GroupId] }));
      const tags = SecurityGroups.flatMap(({ Tags = [] }) => Tags);
      return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [`aws:resourcetag/${Key.toLowerCase()}`, Value]));
    } catch (error) {
      if (error instanceof Error && error.name === 'InvalidGroup.NotFound') return {};
      throw error;
    } finally {
      client.destroy();
    }
  },
});
