import type { Json } from '../../../rules/rule';
import { changeLines } from '../print/change-text';
import { colours, note, print, printable, printJson } from '../print/printed';
import type { Checked, PlanAnswer } from './answer';

type Status = Checked['status'];

const words: Readonly<Record<Status, string>> = {
  'would-change': 'would change',
  compliant: 'compliant',
  exempt: 'exempt',
  disputed: 'compliant by the policy, but not by the detector',
  blocked: 'temporarily blocked',
  unfixable: 'must be fixed manually',
  'not-configured': 'missing or invalid rule parameters',
  'not-found': 'not found',
  error: 'failed',
};

/** Prints what would change; `each`: also the compliant resources. */
export function printPlan(answer: PlanAnswer, { json, each }: { readonly json: boolean; readonly each: boolean }): void {
  if (json) {
    printJson(asJson(answer));
    return;
  }
  const { bold, dim, red, yellow } = colours();
  const { caller, forecasts, overlooked, unasked } = answer;
  print(dim(`Account ${caller.account}, ${caller.region}, as ${printable(caller.arn)}`));
  for (const [resource, ofResource] of byResource(forecasts)) {
    const shown = ofResource.filter(({ status }) => each || (status !== 'compliant' && status !== 'not-found'));
    if (shown.length === 0) continue;
    print();
    print(bold(printable(resource)));
    for (const one of shown) for (const line of lines(one)) print(`  ${line}`);
  }
  print();
  print(`${summary(forecasts)} ${dim('No changes were made.')}`);
  for (const why of unasked) note(printable(`${why} The defaults of the rules are used instead of its parameters.`));
  for (const { what, reason } of overlooked) note(`${red('not checked')}  ${printable(what)}: ${yellow(printable(reason))}`);
}

function lines(one: Checked): readonly string[] {
  const { dim, green, red, yellow } = colours();
  const { rule } = one.target;
  const head = `${rule.id}  ${dim(`${rule.severity} severity, ${rule.risk}, ${one.detectedBy.join(' ')}`)}`;
  if (one.status === 'would-change')
    return [`${yellow('would change')}  ${head}`, ...parameterLines(one), ...one.changes.flatMap(changeLines).map((line) => `  ${line}`)];
  if (one.status === 'compliant') return [`${green('compliant')}  ${head}`, ...parameterLines(one)];
  const paint = one.status === 'error' || one.status === 'unfixable' ? red : yellow;
  return [`${paint(one.status)}  ${head}`, `  ${printable(one.reason)}`, ...parameterLines(one)];
}

/** By which parameters the rule judged, and whose they are. */
function parameterLines({ parameters, parametersFrom = {} }: Checked): readonly string[] {
  const { dim } = colours();
  const values = typeof parameters === 'object' && parameters !== null ? (parameters as Readonly<Record<string, Json>>) : {};
  return Object.entries(parametersFrom).flatMap(([name, origin]) => {
    const value = values[name];
    if (value === undefined) return [];
    return [dim(`  ${printable(name)}: ${printable(typeof value === 'string' ? value : JSON.stringify(value))}, of the ${owners[origin]}`)];
  });
}

const owners = { policy: 'policy or the command line', detector: 'detector', default: 'defaults of the rule' } as const;

function byResource(forecasts: readonly Checked[]): ReadonlyMap<string, readonly Checked[]> {
  const groups = new Map<string, Checked[]>();
  for (const one of forecasts) {
    const { arn, type } = one.target.resource;
    const name = `${arn}  ${type}`;
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return groups;
}

const counts = (forecasts: readonly Checked[]): Readonly<Record<Status, number>> =>
  Object.fromEntries(Object.keys(words).map((status) => [status, forecasts.filter((one) => one.status === status).length])) as Record<
    Status,
    number
  >;

function summary(forecasts: readonly Checked[]): string {
  const counted = Object.entries(counts(forecasts)).filter(([, count]) => count > 0);
  const said = counted.map(([status, count]) => `${count} ${words[status as Status]}`);
  return `${forecasts.length} ${forecasts.length === 1 ? 'check' : 'checks'}${said.length > 0 ? `: ${said.join(', ')}` : ''}.`;
}

const asJson = ({ caller, forecasts, overlooked, unasked }: PlanAnswer) => ({
  caller: caller.arn,
  partition: caller.partition,
  account: caller.account,
  region: caller.region,
  counts: counts(forecasts),
  forecasts: forecasts.map(({ target: { rule, resource }, ...rest }) => ({
    rule: rule.id,
    severity: rule.severity,
    risk: rule.risk,
    resource: resource.arn,
    resourceType: resource.type,
    id: resource.id,
    account: resource.account,
    region: resource.region,
    ...rest,
  })),
  overlooked,
  unasked,
});

/** Shows the progress on a terminal. */
export function showProgress(total: number): { step(): void; end(): void } {
  let done = 0;
  const visible = process.stderr.isTTY === true && total > 1;
  return {
    step() {
      done += 1;
      if (visible) process.stderr.write(`\r${done} of ${total} checked`);
    },
    end() {
      if (visible) process.stderr.write('\r\u001b[K');
    },
  };
}
