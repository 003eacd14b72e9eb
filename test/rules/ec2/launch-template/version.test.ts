import { DescribeLaunchTemplateVersionsCommand, ModifyLaunchTemplateCommand } from '@aws-sdk/client-ec2';
import { SetDefaultVersionCommand, unseen } from '../../../../rules/ec2/launch-template/version';

const LaunchTemplateId = 'lt-0a';
const VersionDescription = 'Made by a rule';
const own = (VersionNumber: number) => ({ VersionNumber, VersionDescription });
const foreign = (VersionNumber: number) => ({ VersionNumber, VersionDescription: 'nightly' });

/** What AWS is asked to make the default version of a launch template that has these. */
async function sentFor(choice: ConstructorParameters<typeof SetDefaultVersionCommand>[0], versions: readonly object[]): Promise<object[]> {
  const sent: object[] = [];
  jest
    .spyOn(DescribeLaunchTemplateVersionsCommand.prototype, 'resolveMiddleware')
    .mockImplementation(() => async () => ({ output: { LaunchTemplateVersions: [...versions], $metadata: {} }, response: {} }));
  jest.spyOn(ModifyLaunchTemplateCommand.prototype, 'resolveMiddleware').mockImplementation(function (this: ModifyLaunchTemplateCommand) {
    sent.push(this.input);
    return async () => ({ output: { $metadata: {} }, response: {} });
  });
  await new SetDefaultVersionCommand(choice).resolveMiddleware(undefined as never, undefined as never)(undefined as never);
  return sent;
}

afterEach(() => jest.restoreAllMocks());

const made = { LaunchTemplateId, VersionDescription, after: 4 };

it('is one by its number', async () => {
  expect(await sentFor({ LaunchTemplateId, DefaultVersion: '3' }, [own(5)])).toEqual([{ LaunchTemplateId, DefaultVersion: '3' }]);
});

it('is the new one, also where AWS has left out a number', async () => {
  expect(await sentFor(made, [own(5), foreign(4), own(2)])).toEqual([{ LaunchTemplateId, DefaultVersion: '5' }]);
  expect(await sentFor(made, [own(7), foreign(4)])).toEqual([{ LaunchTemplateId, DefaultVersion: '7' }]);
});

it('is looked for again where AWS does not show it yet', async () => {
  await expect(sentFor(made, [own(4), own(2)])).rejects.toMatchObject({ name: unseen });
});

it.each([[[foreign(5)]], [[own(6), foreign(5)]], [[own(5), foreign(6)]]])(
  'is none where somebody else has made one since: %j',
  async (versions) => {
    await expect(sentFor(made, versions)).rejects.toThrow('Somebody else');
  },
);
