import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import type { Aws, Place, Rule } from '../../../rules/rule';
import { connect } from '../../aws/connection';
import { systemClock } from '../../clock';
import { dynamoCooldowns } from '../../coordination/cooldown';
import { dynamoLeases } from '../../coordination/lease';
import { dynamoStore } from '../../coordination/store';
import { minutes } from '../../duration';
import { organizationalUnits } from '../../facts/organization';
import { dynamoLog } from '../../log/log';
import type { Policy } from '../../policy/policy';
import type { Result } from '../../remediate/context';
import { remediate } from '../../remediate/remediate';
import { evaluateAgain } from '../../sources/config/evaluate';
import { resolveFinding } from '../../sources/security-hub/resolve';
import type { Caller } from '../central/caller';
import type { DeployedTables } from '../central/deployed-tables';
import { note, printable } from '../print/printed';
import type { parametersBy } from '../rule-parameters';
import type { Handling } from './delivery';

export interface LocalSettings {
  /** The policy of the file, with the requested mode. */
  readonly policy: Policy;
  readonly parametersOf: ReturnType<typeof parametersBy>;
}

/** The maximum time for one finding. */
const maxRun = minutes(2);

/** Handles findings in this process, with the log and the leases of the central account. */
export function localHandling(caller: Caller, { dynamo, log, coordination }: DeployedTables, settings: LocalSettings): Handling {
  const { policy, parametersOf } = settings;
  const ousOf = organizationalUnits(new OrganizationsClient({ region: caller.region, credentials: caller.credentials }), systemClock);
  const cooldowns = dynamoCooldowns(dynamo, coordination, systemClock);
  const version = `${versionOfThis()}, command line`;

  return {
    centralAccount: caller.account,
    async handle(rule, _, { findings }) {
      const results: Result[] = [];
      const deferred: string[] = [];
      for (const finding of findings) {
        const end = systemClock.now().getTime() + maxRun;
        const result = await remediate(
          { finding, number: 0 },
          {
            rule,
            policy: async () => ({ ...policy, parameters: [{ rules: [rule.id], values: { ...parametersOf(rule, finding) } }] }),
            version,
            actor: caller.arn,
            connect: connectionsOf(rule, caller),
            log: dynamoLog(dynamo, log, systemClock),
            leases: dynamoLeases(dynamo, coordination, systemClock),
            store: dynamoStore(dynamo, coordination, systemClock),
            ousOf,
            clock: systemClock,
            secondsLeft: () => Math.max(0, (end - systemClock.now().getTime()) / 1000),
            scheduleRetry: async (attempt) => void deferred.push(attempt.finding.id),
            async notifySource(fixed, remediation, aws) {
              await Promise.all([resolveFinding(fixed, rule.id, remediation, aws), evaluateAgain(fixed, cooldowns, aws)]);
            },
            // The outcome is shown on the terminal.
            publishOutcome: async () => {},
            count: () => {},
            warn: (message, details) => note(printable(`${message}: ${String(details.error ?? JSON.stringify(details))}`)),
          },
        );
        results.push(result);
      }
      return { results, deferred };
    },
  };
}

function connectionsOf(rule: Rule, caller: Caller): (place: Place) => Aws {
  const clients = [...new Set([...rule.clients, SecurityHubClient, ConfigServiceClient, CloudTrailClient])];
  return (place) => connect(clients, { region: place.region, credentials: caller.credentialsFor(rule.id, place) });
}

function versionOfThis(): string {
  return (JSON.parse(readFileSync(path.resolve(__dirname, '../../../package.json'), 'utf8')) as { version: string }).version;
}
