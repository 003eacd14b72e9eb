import { OrganizationsClient } from '@aws-sdk/client-organizations';
import type { Aws, Place, Rule } from '../../../rules/rule';
import { connect } from '../../aws/connection';
import { systemClock } from '../../clock';
import { minutes, seconds } from '../../duration';
import { organizationalUnits } from '../../facts/organization';
import type { Policy } from '../../policy/policy';
import type { Result } from '../../remediate/context';
import { clientsOf, createPorts } from '../../remediate/create-ports';
import { remediate } from '../../remediate/remediate';
import type { Caller } from '../central/caller';
import type { DeployedTables } from '../central/deployed-tables';
import { otherRegionsFor } from '../central/other-regions';
import { note, printable } from '../print/printed';
import type { parametersBy } from '../rule-parameters';
import { versionOfThis } from '../version';
import type { Handling } from './delivery';

export interface LocalSettings {
  /** The policy of the file, with the requested mode. */
  readonly policy: Policy;
  readonly parametersOf: ReturnType<typeof parametersBy>;
}

/** The maximum time for one finding. */
const maxRun = minutes(2);

/** Handles findings in this process, with the log and the leases of the central account. */
export function localHandling(caller: Caller, tables: DeployedTables, settings: LocalSettings): Omit<Handling, 'identification'> {
  const { policy, parametersOf } = settings;
  const ousOf = organizationalUnits(new OrganizationsClient({ region: caller.region, credentials: caller.credentials }), systemClock);
  const elsewhere = otherRegionsFor(caller);
  const version = `${versionOfThis()}, command line`;

  return {
    centralAccount: caller.account,
    partition: caller.partition,
    async handle(rule, _, { findings }) {
      const results: Result[] = [];
      const deferred: string[] = [];
      for (const finding of findings) {
        const end = systemClock.now().getTime() + maxRun;
        const ports = createPorts(
          tables,
          { by: 'local', rule: rule.id, user: caller.userId },
          {
            rule,
            policy: async () => ({ ...policy, parameters: [{ rules: [rule.id], values: { ...parametersOf(rule, finding) } }] }),
            version,
            actor: caller.arn,
            connect: connectionsOf(rule, caller),
            otherRegions: elsewhere(rule.id),
            ousOf,
            clock: systemClock,
            secondsLeft: () => Math.max(0, (end - systemClock.now().getTime()) / seconds(1)),
            scheduleRetry: async (attempt) => void deferred.push(attempt.finding.id),
            // The outcome is shown on the terminal.
            publishOutcome: async () => {},
            count: () => {},
            warn: (message, details) => note(printable(`${message}: ${String(details.error ?? JSON.stringify(details))}`)),
          },
        );
        results.push(await remediate({ finding, number: 0 }, ports));
      }
      return { results, deferred };
    },
  };
}

function connectionsOf(rule: Rule, caller: Caller): (place: Place) => Aws {
  return (place) => connect(clientsOf(rule), { region: place.region, credentials: caller.credentialsFor(rule.id, place) });
}
