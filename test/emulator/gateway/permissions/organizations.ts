import { assumeRole, ownerRole } from '../../account';

/** The organization that an account belongs to, by AWS Organizations of the emulator; undefined if it belongs to none. */
export const readOrganizations = (emulator: string) => ({
  async of(account: string): Promise<string | undefined> {
    // Seldom needed, and slow to load.
    const { DescribeOrganizationCommand, OrganizationsClient } = await import('@aws-sdk/client-organizations');
    const region = 'us-east-1';
    const credentials = await assumeRole({ url: emulator }, `arn:aws:iam::${account}:role/${ownerRole}`, region);
    const client = new OrganizationsClient({ endpoint: emulator, region, credentials });
    try {
      return (await client.send(new DescribeOrganizationCommand({}))).Organization?.Id;
    } catch (error) {
      if (error instanceof Error && error.name === 'AWSOrganizationsNotInUseException') return undefined;
      throw error;
    } finally {
      client.destroy();
    }
  },
});
