import { findRecord, type Origin, type RemediationRecord } from '../../log/record';
import { nameOf, parseName } from '../../log/trail';
import { quote } from '../../untrusted-text';
import { Unable } from '../failure';
import { printable } from '../print/printed';
import type { DeployedTables } from './deployed-tables';

/** The record of a remediation that the caller named by its id or by `<rule>/<id>`. Throws an Unable if there is none, or several. */
export async function expectRecord({ dynamo, log }: DeployedTables, given: string, origin: Origin): Promise<RemediationRecord> {
  const name = parseName(given);
  if (!name)
    throw new Unable(
      `${quote(given)} is not a valid remediation id. Specify one such as 01K6Z3NDEKTSV4RRFFQ69G5FAV; \`posture log\` lists them.`,
    );
  const lookup = await findRecord(dynamo, log, name, origin);
  if (lookup === 'none') throw new Unable(`The log has no remediation ${printable(given)}. \`posture log\` lists them.`);
  if ('record' in lookup) return lookup.record;
  const names = lookup.ambiguous.map((rule) => nameOf({ rule, remediation: name.remediation })).join(' or ');
  throw new Unable(`Several rules have a remediation ${name.remediation}. Specify ${names}.`);
}

/** Throws an Unable if a chain of the record is broken, or a record is forged. */
export function expectTrustworthy({ rule, remediation, breaks, forged }: RemediationRecord): void {
  const [broken] = breaks;
  const about = `remediation ${printable(nameOf({ rule, remediation }))}`;
  if (broken !== undefined) throw new Unable(`The hash chain of ${about} is broken, so it is not used. ${printable(broken)}`);
  const [first] = forged;
  if (first)
    throw new Unable(
      `The log of ${about} has a forged record, so it is not used: item ${first.sequence} of the trail ${printable(first.trail)}. ${printable(first.why)}`,
    );
}
