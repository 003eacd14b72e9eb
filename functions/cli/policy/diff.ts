import { InvalidArgumentError } from 'commander';
import { toJson } from '../../canonical-json';
import { findCaller } from '../central/caller';
import { openPolicy } from '../central/deployed-policy';
import { Unable } from '../failure';
import type { GlobalOptions } from '../global-options';
import { print, printJson } from '../print/printed';
import { comparePolicies, printComparison } from './compare-policies';
import { ownerPolicy } from './policy-file';

export interface DiffOptions extends GlobalOptions {
  readonly from?: number;
  readonly to?: number;
}

/** Shows how a file differs from the policy in effect, or a version from another one. The exit code is 2 if there are differences. */
export async function diff(file: string | undefined, { from, to, json }: DiffOptions): Promise<void> {
  if (file !== undefined && from !== undefined)
    throw new Unable('A file is compared with the policy in effect. Remove the file, or --from and --to.');
  if (from === undefined && to !== undefined) throw new Unable('--to requires --from: the version to compare it with.');
  const mine = from === undefined ? toJson(ownerPolicy(file)) : undefined;
  const { current, version } = await openPolicy(await findCaller());
  const comparison =
    from === undefined
      ? comparePolicies(await current(), mine)
      : comparePolicies(await version(from), to === undefined ? await current() : await version(to));
  if (json) printJson(comparison);
  else if (comparison.changes.length === 0) print('There is no difference.');
  else printComparison(comparison);
  if (comparison.changes.length > 0) process.exitCode = 2;
}

/** The number of a version in AppConfig. */
export function versionNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('Specify the number of a version, such as 3.');
}
