import { type DetectorFeatureConfiguration, GetDetectorCommand, GuardDutyClient, UpdateDetectorCommand } from '@aws-sdk/client-guardduty';
import type { World } from '../../../contract/scenario';
import { standIn } from '../../../contract/stand-in';

/** Has GuardDuty of this test file keep the plans and agents that an update leaves out, as AWS does: moto drops them. */
export function useMergedFeatures(): void {
  standIn(GuardDutyClient, async (command, send) => {
    if (!(command instanceof UpdateDetectorCommand)) return send(command);
    const { DetectorId, Features: given = [] } = command.input;
    const { Features = [] } = (await send(new GetDetectorCommand({ DetectorId }))) as { Features?: DetectorFeatureConfiguration[] };
    return send(new UpdateDetectorCommand({ ...command.input, Features: merged(Features, given, withAgents) }));
  });
}

/** A plan as it is, with what is given. */
const withAgents = (one: DetectorFeatureConfiguration, given: DetectorFeatureConfiguration): DetectorFeatureConfiguration => {
  const AdditionalConfiguration = merged(one.AdditionalConfiguration ?? [], given.AdditionalConfiguration ?? [], (_, agent) => agent);
  return { ...one, ...given, ...(AdditionalConfiguration.length > 0 && { AdditionalConfiguration }) };
};

const merged = <One extends { Name?: string | undefined }>(
  present: readonly One[],
  given: readonly One[],
  merge: (a: One, b: One) => One,
): One[] => [
  ...present.map((one) => {
    const change = given.find(({ Name }) => Name === one.Name);
    return change ? merge(one, change) : one;
  }),
  ...given.filter(({ Name }) => !present.some((one) => one.Name === Name)),
];

/** Changes plans of a detector, as another control does. */
export const change = async (world: World, DetectorId: string, ...Features: DetectorFeatureConfiguration[]): Promise<void> =>
  void (await world.send(new UpdateDetectorCommand({ DetectorId, Features })));
