import type { Sabotage } from './apply';

/** The engine broken in ways that an honest mistake could break it, each with the checks that have to find it. */
export const acts: readonly Sabotage[] = [
  {
    name: 'a lease of 10 seconds',
    edits: [
      {
        file: 'functions/remediate/remediate.ts',
        find: 'const seconds = ports.secondsLeft() + 5;',
        put: 'const seconds = 10;',
      },
    ],
    killedBy: ['change-under-lease'],
  },
  {
    name: 'no look before the change',
    edits: [
      {
        file: 'functions/remediate/look-again.ts',
        find: ' && isChanges(seen.plan) && sameChanges(seen.plan.map(loggedChange), intent);',
        put: ';',
      },
    ],
    killedBy: ['nothing-of-others-lost'],
  },
  {
    name: 'the open remediation is released too early',
    edits: [
      {
        file: 'functions/remediate/remediate.ts',
        find: "if (events.some(({ kind }) => kind === 'planned') && openIntents(events).length === 0) {",
        put: "if (events.some(({ kind }) => kind === 'planned')) {",
      },
    ],
    killedBy: ['open-while-half-done'],
  },
  {
    name: 'the intent is logged after the changes',
    edits: [
      {
        file: 'functions/remediate/carry-out.ts',
        find: '    await write({ ...context, effects }, body);\n',
        put: '    Object.assign(fix, { log: () => write({ ...context, effects }, body) });\n',
      },
      {
        file: 'functions/remediate/carry-out.ts',
        find: '  const details = outcomeDetailsOf(evaluation);\n',
        put: '  await (fix as unknown as { log(): Promise<void> }).log();\n  const details = outcomeDetailsOf(evaluation);\n',
      },
    ],
    killedBy: ['intent-before-change'],
  },
  {
    name: 'the undo is not logged',
    edits: [
      {
        file: 'functions/plan/change.ts',
        find: 'return { ...call, undo, ...(change.nearest !== undefined && { nearest: change.nearest }) };',
        put: 'return call as LoggedChange;',
      },
      {
        file: 'functions/plan/change.ts',
        find: "if ('irreversible' in change || 'evidence' in change) continue;",
        put: "if (!('undo' in change)) continue;",
      },
    ],
    killedBy: ['undo-with-intent'],
  },
  {
    name: 'no permit is taken',
    edits: [
      {
        file: 'functions/remediate/decide-and-reserve.ts',
        find: "if (decision.verdict !== 'fix') return evaluation;",
        put: 'if (tries >= 0) return evaluation;',
      },
    ],
    killedBy: ['permit-before-intent'],
  },
  {
    name: 'a stop is not looked for',
    edits: [
      {
        file: 'functions/coordination/may-change.ts',
        find: 'if (stopIn(orders, { response }) || ',
        put: 'if (',
      },
      {
        file: 'functions/decision/clause/stop.ts',
        find: 'if (!word) return [];',
        put: 'if (word !== null) return [];',
      },
    ],
    killedBy: ['no-change-while-stopped'],
  },
  {
    name: 'an event of the log overwrites another one',
    edits: [
      {
        file: 'functions/log/log.ts',
        find: 'if (statements.length === 1 && only) await client.send(new ExecuteStatementCommand(only));',
        put: 'if (statements.length === 1 && only && events[0]) await client.send(new PutItemCommand({ TableName: table, Item: itemOf(events[0], trailKey({ ...writer, remediation: events[0].remediation })) }));',
      },
      { file: 'functions/log/log.ts', find: '  ExecuteStatementCommand,\n', put: '  PutItemCommand,\n' },
    ],
    killedBy: ['log-insert-only'],
  },
  {
    name: 'a deferred remediation is not come back to',
    edits: [
      {
        file: 'functions/remediate/context.ts',
        find: '  await ports.scheduleRetry({ ...attempt, remediation, deferred: true, number: next.number }, next.at,',
        put: '  if (next.number < 0) await ports.scheduleRetry({ ...attempt, remediation, deferred: true, number: next.number }, next.at,',
      },
    ],
    killedBy: ['ends-or-comes-back'],
  },
  {
    name: 'a rollback takes back the last intent only',
    edits: [
      {
        file: 'functions/rollback/undo-plan.ts',
        find: 'for (const [index, intent] of [...fix.intents.entries()].toReversed()) {',
        put: 'for (const [index, intent] of [...fix.intents.entries()].slice(-1)) {',
      },
    ],
    killedBy: ['all-restored'],
  },
  {
    name: 'a change whose answer was lost counts as not made',
    edits: [
      {
        file: 'functions/remediate/apply.ts',
        find: "isUnsent || (isAccessDenied(error) && !isLost) ? 'not-made' : 'unknown';",
        put: "isUnsent || (isAccessDenied(error) && !isLost) ? 'not-made' : 'not-made';",
      },
    ],
    killedBy: ['half-done-at-the-end', 'all-restored', 'open-while-half-done', 'no-false-sentence'],
  },
  {
    name: 'a fix is called verified without a look',
    edits: [
      {
        file: 'functions/remediate/verify.ts',
        find: "return { result: 'not-yet', after, seen: \"the rule's check does not pass\" };",
        put: "return { result: 'compliant', after };",
      },
    ],
    killedBy: ['fixed-is-fixed'],
  },
];
