import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Table } from '../aws/dynamodb/table';
import { rawEvent } from '../raw-log';
import { logKey, tables } from '../tables';
import type { Report, Watch } from '../watch';

/** The log only grows, and everybody writes their own trails. */
export function onlyInserts(report: Report): Watch {
  return {
    onWrite({ table, before, after }, { operation, now }, worker) {
      if (table !== tables.log) return;
      const trail = String((after ?? before)?.[logKey]?.S);
      const resource = (after ?? before)?.resource?.S ?? '';
      const writer = worker?.writer ?? 'nobody';
      if (before || !operation.startsWith('Execute'))
        report({
          check: 'log-insert-only',
          what: `${operation} by #${worker?.id} of ${writer} wrote an item of ${trail}`,
          resource,
          at: now,
        });
      if (trail.split('/')[0] === writer) return;
      report({ check: 'own-trail', what: `${writer} wrote to ${trail}`, resource, at: now });
    },
  };
}

/** Every trail is a chain from 1 without a gap, each event with the hash of the one before it. */
export function chainsValid(log: Table, report: Report): void {
  for (const trail of new Set(log.all().map((item) => String(item[logKey]?.S)))) {
    const events = log.partitionOf(trail).map(rawEvent);
    for (const [index, { sequence, previous, hash, hashed, resource, time }] of events.entries()) {
      const wrong = [
        sequence === index + 1 ? [] : [`event ${index + 1} is missing`],
        previous === (events[index - 1]?.hash ?? '') ? [] : [`event ${sequence} does not follow the one before it`],
        sha256(canonicalize(hashed) ?? '') === hash ? [] : [`the hash of event ${sequence} is not that of its content`],
      ].flat();
      for (const what of wrong) report({ check: 'chains-valid', what: `${trail}: ${what}`, resource, at: Date.parse(time) });
    }
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
