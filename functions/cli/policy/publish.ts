import type { Json } from '../../../rules/rule';
import { toJson } from '../../canonical-json';
import { problemText } from '../../policy/problem';
import type { ReadPolicy } from '../../policy/read';
import { findCaller } from '../central/caller';
import { type DeployedPolicy, type Deployment, openPolicy } from '../central/deployed-policy';
import { sentence, Unable } from '../failure';
import type { GlobalOptions } from '../global-options';
import { isConfirmed } from '../order/confirmed';
import { note, print, printable, printJson } from '../print/printed';
import { comparePolicies, type PolicyComparison, printComparison } from './compare-policies';
import { readPolicyFile } from './policy-file';

export interface PublishOptions extends GlobalOptions {
  readonly why?: string;
  readonly dryRun?: boolean;
  readonly replaces?: string;
  readonly yes?: boolean;
}

/** Deploys the policy of a file, after showing what that changes, and only over the policy that was compared. */
export async function publish(file: string, options: PublishOptions): Promise<void> {
  const { json, why = '', dryRun, replaces } = options;
  if (why.trim() === '' && !dryRun) throw new Unable('--why is missing or empty. Specify the reason, for auditors.');
  const read = readPolicyFile(file);
  warn(read);
  const deployed = await openPolicy(await findCaller());
  const last = await deployed.last();
  if (replaces !== undefined) expectReplaced(replaces, last);
  const was = await currentOr(deployed);
  const comparison = comparePolicies(was, toJson(read.policy));
  if (comparison.changes.length === 0 && was !== undefined)
    return json ? printJson({ published: false, ...comparison }) : print('The policy is already in effect. Nothing was published.');
  if (!json) printComparison(comparison);
  if (dryRun) return json ? printJson({ published: false, dryRun, ...comparison }) : print('Nothing was published, because of --dry-run.');
  if (!(await isWanted(options))) return;
  expectSame(last, await deployed.last());
  const version = await deploy(deployed, read, why);
  noteRequesters(comparison);
  if (json) printJson({ published: true, version, ...comparison });
  else print(`Version ${version} is deployed. The functions use it within a minute. To revert, publish the previous file.`);
}

/** Throws an Unable if another version was deployed last. */
function expectReplaced(replaces: string, last: Deployment | undefined): void {
  if (last?.version === replaces) return;
  throw new Unable(
    `The version that was deployed last is ${last?.version ?? 'none'}, not ${replaces}. Nothing was published. \`posture policy diff\` compares.`,
  );
}

/** The policy in effect. One that is not valid JSON may be replaced, and is noted. */
const currentOr = ({ current }: DeployedPolicy): Promise<Json | undefined> =>
  current().catch((error: unknown) => {
    if (!(error instanceof Unable)) throw error;
    note(error.message);
    return undefined;
  });

async function isWanted({ yes }: PublishOptions): Promise<boolean> {
  if (yes || (await isConfirmed('Publish this policy?'))) return true;
  note('Not confirmed. Nothing was published.');
  process.exitCode = 1;
  return false;
}

const deploy = (deployed: DeployedPolicy, { policy }: ReadPolicy, why: string): Promise<number> =>
  deployed.deploy(policy, why).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'BadRequestException')
      throw new Unable(`AppConfig rejected the policy, and the previous one remains in effect: ${sentence(error)}`);
    throw error;
  });

function noteRequesters({ changes }: PolicyComparison): void {
  if (!changes.some(({ path }) => path.startsWith('requesters'))) return;
  note(
    'The names of requesters are bound to their principals by the bus for requests, which only `npx cdk deploy --all` changes. `posture policy check --deployed` compares them.',
  );
}

/** Throws an Unable if another policy was deployed since this one was compared. */
function expectSame(compared: Deployment | undefined, now: Deployment | undefined): void {
  if (compared?.number === now?.number) return;
  throw new Unable(
    `The policy was changed since it was read: version ${now?.version ?? 'none'} was deployed meanwhile. Nothing was published. Compare again, and repeat the command.`,
  );
}

/** The warnings of a policy file, on standard error. */
export function warn({ warnings }: ReadPolicy): void {
  for (const warning of warnings) note(`Warning: ${printable(problemText(warning))}`);
}
