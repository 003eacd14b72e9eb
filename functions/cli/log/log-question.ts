import type { Severity } from '../../../rules/rule';
import { loadRules } from '../../catalogue/catalogue';
import { systemClock } from '../../clock';
import { isOfAllEvents } from '../../log/choose-index';
import type { Kind, Outcome } from '../../log/event';
import { queryLog } from '../../log/query';
import type { LogPage, LogQuestion } from '../../log/question';
import type { DeployedTables } from '../central/deployed-tables';
import { answersTo, controlNamed } from '../choose-rules';
import { Unable } from '../failure';
import { isInStandard } from '../standards';
import { instant } from '../time-option';

/** The filters of the command. */
export interface Filters {
  readonly resource?: string;
  readonly rule?: string;
  readonly account?: string;
  readonly finding?: string;
  readonly outcome?: Outcome;
  readonly kind?: Kind;
  readonly actor?: string;
  readonly control?: string;
  readonly source?: string;
  readonly severity?: Severity;
  readonly standard?: string;
  readonly since?: string;
  readonly until?: string;
}

/** What is asked of the log, and of which rules: those with the severity or of the standard; undefined for all. */
export interface Asked {
  readonly question: LogQuestion;
  readonly rules?: readonly string[];
}

/** The question of the options. Throws an Unable for times that are invalid. */
export function askedBy(options: Filters & { readonly oldestFirst?: boolean; readonly steps?: boolean }): Asked {
  const { resource, control, severity, standard, since, until, oldestFirst, steps } = options;
  const now = systemClock.now();
  const from = since === undefined ? undefined : instant('--since', since, { end: false, now });
  const to = until === undefined ? undefined : instant('--until', until, { end: true, now });
  if (from !== undefined && to !== undefined && from > to)
    throw new Unable(`--since ${from} is later than --until ${to}. Specify an earlier --since or a later --until.`);
  const plain = (['rule', 'account', 'finding', 'outcome', 'kind', 'actor', 'source'] as const).flatMap((name) =>
    options[name] === undefined ? [] : [[name, options[name]] as const],
  );
  const isNarrowed = severity !== undefined || standard !== undefined;
  return {
    question: {
      ...Object.fromEntries(plain),
      // Some AWS APIs append a wildcard to the ARN of a log group; the log does not.
      ...(resource !== undefined && { resource: resource.replace(/:\*$/, '') }),
      ...(control !== undefined && { control: inOwnCase(control) }),
      ...(from !== undefined && { since: from }),
      ...(to !== undefined && { until: to }),
      ...(steps && { steps }),
      order: oldestFirst ? 'oldest-first' : 'newest-first',
    },
    ...(isNarrowed && { rules: rulesWith({ severity, standard }) }),
  };
}

/** As the log has it: `s3.5` is S3.5. */
function inOwnCase(control: string): string {
  for (const entry of loadRules()) {
    const own = controlNamed(entry, control);
    if (own !== undefined) return own;
  }
  return control;
}

/** The rules of this version for the control; undefined if it has none. */
function rulesFor(control: string | undefined): readonly string[] | undefined {
  const ids = control === undefined ? [] : loadRules().flatMap((entry) => (answersTo(entry, control) ? [entry.rule.id] : []));
  return ids.length > 0 ? ids : undefined;
}

const rulesWith = ({ severity, standard }: { readonly severity: Severity | undefined; readonly standard: string | undefined }) =>
  loadRules()
    .map(({ rule }) => rule)
    .filter((rule) => (severity === undefined || rule.severity === severity) && (standard === undefined || isInStandard(rule, standard)))
    .map(({ id }) => id);

/** Whether nothing narrows the question but time. */
export const isUnfiltered = ({ question, rules }: Asked): boolean => {
  const { since: _, until: __, steps: ___, order: ____, ...filters } = question;
  return Object.keys(filters).length === 0 && rules === undefined;
};

/** How many queries a page may take. Few events can match all filters; the page then says how far it searched, and the next one goes on. */
const maxReads = 6;

/** A page of the answer, from the indexes and never by a scan. */
export async function answer(
  { dynamo, log }: Pick<DeployedTables, 'dynamo' | 'log'>,
  { question, rules }: Asked,
  { limit, after }: { readonly limit: number; readonly after?: string },
): Promise<LogPage> {
  const { rule } = question;
  if (rules && (rules.length === 0 || (rule !== undefined && !rules.includes(rule)))) return { entries: [] };
  // A control has no index, but its rules have one.
  const few = rules ?? (isOfAllEvents(question) ? rulesFor(question.control) : undefined);
  const page = { limit, ...(after !== undefined && { after }), ...(Number.isFinite(limit) && { maxReads }) };
  return queryLog(dynamo, log, { ...question, ...(few && { rules: few }) }, page);
}
