import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { type ClientClass, type Rule, toArray } from '../../rules/rule';
import type { Clock } from '../clock';
import { dynamoCooldowns } from '../coordination/cooldown';
import { dynamoDemands } from '../coordination/demands';
import { joinReads } from '../coordination/get-items';
import { dynamoLeases } from '../coordination/lease';
import { dynamoLooks } from '../coordination/look';
import { dynamoOpenRemediations } from '../coordination/open-remediation';
import { dynamoRepeats } from '../coordination/repeat';
import { dynamoStore } from '../coordination/store';
import { dynamoLog } from '../log/log';
import type { ForgedRecord } from '../log/read-item';
import type { Writer } from '../log/trail';
import { evaluateAgain } from '../sources/config/evaluate';
import { isService } from '../sources/security-hub/services/product';
import { tellSecurityHub } from '../sources/security-hub/tell';
import type { Ports } from './ports';

/** The tables of the central account. */
export interface Tables {
  readonly dynamo: DynamoDBClient;
  /** Their names. */
  readonly log: string;
  readonly orders: string;
  readonly coordination: string;
  readonly onForged?: (records: readonly ForgedRecord[]) => void;
}

/** The records that remediations and rollbacks use. */
export type Records = Pick<Ports, 'log' | 'leases' | 'openRemediations' | 'repeats' | 'looks' | 'store' | 'clock'>;

export function recordsIn({ dynamo, log, orders, coordination, onForged }: Tables, writer: Writer, clock: Clock): Records {
  const read = joinReads(dynamo, clock);
  return {
    log: dynamoLog(dynamo, log, writer, { clock, ...(onForged && { onForged }) }),
    leases: dynamoLeases(dynamo, coordination, clock, read),
    openRemediations: dynamoOpenRemediations(dynamo, coordination, clock, writer.by === 'local' ? writer.user : undefined),
    repeats: dynamoRepeats(dynamo, coordination, clock, read),
    looks: dynamoLooks(dynamo, coordination, clock),
    store: dynamoStore(dynamo, { orders, coordination }, clock, read),
    clock,
  };
}

/** The clients that read what people said in the sources of findings. */
export const clientsOfSources: readonly ClientClass[] = [SecurityHubClient, ConfigServiceClient];

/** The clients of a rule's connection: its own, and those that read facts and notify the source. */
export const clientsOf = ({ clients, resource }: Pick<Rule, 'clients' | 'resource'>): readonly ClientClass[] => [
  ...new Set([
    ...clients,
    ...toArray(resource).flatMap(({ reportedIn }) => reportedIn?.clients ?? []),
    ...clientsOfSources,
    CloudTrailClient,
  ]),
];

/** Combines the tables with the parts that depend on the caller: the writer of the log, the actor, the policy and the publisher. */
export function createPorts(
  tables: Tables,
  writer: Writer,
  own: Omit<Ports, keyof Records | 'cooldowns' | 'demands' | 'notifySource' | 'tellSource'> & Pick<Ports, 'clock'>,
): Ports {
  const { rule, clock } = own;
  const cooldowns = dynamoCooldowns(tables.dynamo, tables.coordination, rule.id, clock);
  return {
    ...recordsIn(tables, writer, clock),
    cooldowns,
    demands: dynamoDemands(tables.dynamo, tables.coordination, clock),
    ...own,
    async notifySource(finding, remediation, aws, ticket) {
      const next = isService(finding.source)
        ? 'The service that reported it updates or archives it.'
        : 'Not RESOLVED until Security Hub itself says PASSED.';
      const note = `Fixed by ${rule.id}, remediation ${remediation}. ${next}${ticket}`;
      await Promise.all([tellSecurityHub(finding, { status: 'NOTIFIED', note }, clock.now(), aws), evaluateAgain(finding, cooldowns, aws)]);
    },
    tellSource: (finding, told, aws) => tellSecurityHub(finding, told, clock.now(), aws),
  };
}
