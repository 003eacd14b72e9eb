import type { Call } from './call';
import type { Step } from './step';
import { tables } from './tables';
import type { Worker } from './worker';

const central: Readonly<Record<string, Step>> = {
  sts: 'assume',
  appconfigdata: 'policy',
  appconfig: 'policy',
  organizations: 'facts',
  cloudtrail: 'facts',
  scheduler: 'schedule',
  eventbridge: 'notify',
  sns: 'notify',
};

/** The step that a worker is in when it sends this call; undefined for calls of the control function. */
export function stepOf(call: Call, worker: Worker): Step | undefined {
  if (worker.writer === 'control') return undefined;
  if (call.resource !== undefined || call.service === 's3control') return onResource(call, worker);
  if (call.service === 'securityhub' || call.service === 'configservice')
    return /^(Get|Describe)/.test(call.operation) ? 'facts' : 'notify';
  if (call.operation === 'DescribeRegions') return 'facts';
  if (call.operation === 'Invoke') return 'schedule';
  if (call.service !== 'dynamodb') return central[call.service];
  if (keysIn(call).some((key) => key.startsWith('policy'))) return 'policy';
  return worker.isRollback ? undoStepOf(call, worker) : fixStepOf(call, worker);
}

function onResource({ operation, isChange }: Call, { isRollback, hasIntent, hasChanged }: Worker): Step {
  if (isRollback) {
    if (isChange) return 'undo';
    return hasChanged ? 'undo-verify' : 'undo-inspect';
  }
  if (isChange) return 'change';
  if (/Tag/.test(operation)) return 'facts';
  if (hasChanged) return 'verify';
  return hasIntent ? 'look' : 'inspect';
}

function fixStepOf(call: Call, { hasIntent, hasChanged }: Worker): Step {
  if (isAbout(call, tables.log)) {
    if (/^(Query|Get|BatchGet)/.test(call.operation)) return 'resume';
    return isIntent(call) ? 'intent' : 'record';
  }
  if (call.operation === 'TransactWriteItems') return 'permit';
  if (keysIn(call).some((key) => key.startsWith('lease '))) return 'lease';
  if (keysIn(call).some((key) => key.startsWith('open '))) return 'resume';
  if (call.operation !== 'BatchGetItem') return 'record';
  return hasIntent && !hasChanged ? 'look' : 'facts';
}

function undoStepOf(call: Call, { hasIntent }: Worker): Step {
  if (/^(Query|Get|BatchGet)/.test(call.operation)) return 'undo-read';
  if (isAbout(call, tables.log) && isIntent(call)) return 'undo-intent';
  if (keysIn(call).some((key) => key.startsWith('lease ')) && !hasIntent) return 'lease';
  return 'undo-record';
}

const isAbout = (call: Call, table: string): boolean => textOf(call).includes(`"${table}"`) || textOf(call).includes(`\\"${table}\\"`);

/** Whether the call logs changes that are going to be made. */
export const isIntent = (call: Call): boolean =>
  call.service === 'dynamodb' &&
  !/^(Query|Get|BatchGet)/.test(call.operation) &&
  /\{"S":"(planned|rollback-requested)"\}/.test(textOf(call));

const keysIn = (call: Call): readonly string[] => [...textOf(call).matchAll(/"key":\{"S":"([^"]*)"/g)].map(([, key = '']) => key);

const texts = new WeakMap<Call, string>();

function textOf(call: Call): string {
  const known = texts.get(call);
  if (known !== undefined) return known;
  const text = JSON.stringify(call.input);
  texts.set(call, text);
  return text;
}
