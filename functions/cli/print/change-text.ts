import type { Json } from '../../../rules/rule';
import type { Call } from '../../aws/call';
import type { LoggedChange } from '../../log/event';
import { type Difference, differences, leaves } from './difference';
import { colours, printable } from './printed';

const maxLength = 300;
const maxLines = 40;

/** `s3:PutBucketVersioning  Bucket=records, VersioningConfiguration.Status=Enabled` */
export function callText(call: Call): string {
  return `${nameOf(call)}  ${inputText(call.input)}`.trimEnd();
}

/** The lines of one change: the call, the difference that it makes, and its undo. */
export function changeLines(change: LoggedChange): readonly string[] {
  const { yellow } = colours();
  const { note, document } = change;
  const notes = note === undefined ? [] : [yellow(`note: ${printable(note)}`)];
  return [...linesOf(change), ...notes, ...(document === undefined ? [] : documentLines(document))];
}

/** The text that AWS reads, in whose place the call has a placeholder. */
function documentLines(document: string): readonly string[] {
  const lines = document.trimEnd().split('\n');
  const shown = lines.slice(0, maxLines).map((line) => `  ${printable(line)}`);
  const more = lines.length > maxLines ? [`  … ${lines.length - maxLines} more lines; --json shows all`] : [];
  return ['document', ...shown, ...more];
}

function linesOf(change: LoggedChange): readonly string[] {
  const { red, yellow, dim, bold } = colours();
  if ('irreversible' in change)
    return [bold(callText(change.do)), yellow(`irreversible: ${printable(change.irreversible)} Requires approval.`)];
  if ('evidence' in change) return [bold(callText(change.do)), dim(`evidence, not waited for: ${printable(change.evidence)}`)];
  const nearest = change.nearest === undefined ? [] : [yellow(`nearest: ${printable(change.nearest)}`)];
  if (change.undo === 'revert-own-part')
    return [bold(callText(change.do)), dim("undo  only the rule's own part, which is determined at the time of the rollback"), ...nearest];
  const { do: call, undo } = change;
  // If the undo is not exact, its input is not the present state.
  if (nameOf(call) !== nameOf(undo) || change.nearest !== undefined)
    return [bold(callText(call)), dim(`undo  ${callText(undo)}`), ...nearest];
  if (differences(undo.input, call.input).length === 0) return [bold(callText(call)), red('undo  the same call, which reverts nothing')];
  return [...callLines(call, undo), dim(`undo  ${nameOf(undo)} with the present values`)];
}

/** A call; as a difference, if the present state was made by the same operation. */
export function callLines(call: Call, made: Call): readonly string[] {
  const { bold } = colours();
  const different = nameOf(call) === nameOf(made) ? differences(made.input, call.input) : [];
  if (different.length === 0) return [bold(callText(call))];
  const kept = leaves(call.input).filter(({ path }) => !different.some((one) => path.startsWith(one.path.replace(/\[\].*$/, ''))));
  const context = kept.map(({ path, value }) => `${path}=${valueText(value)}`).join(', ');
  return [`${bold(nameOf(call))}  ${context}`.trimEnd(), ...differenceLines(different)];
}

/** `- Status: Suspended`, `+ Status: Enabled` */
export function differenceLines(different: readonly Difference[]): readonly string[] {
  const { red, green } = colours();
  const lines = different.flatMap(({ path, was, is }) => [
    ...(was === undefined ? [] : [red(`- ${label(path)}${valueText(was)}`)]),
    ...(is === undefined ? [] : [green(`+ ${label(path)}${valueText(is)}`)]),
  ]);
  return lines.length <= maxLines ? lines : [...lines.slice(0, maxLines), `… ${lines.length - maxLines} more lines; --json shows all`];
}

const nameOf = ({ service, operation }: Call): string => printable(`${service}:${operation}`);

const label = (path: string): string => (path === '' ? '' : `${printable(path)}: `);

const inputText = (input: Json): string => {
  const parts = leaves(input).map(({ path, value }) => (path === '' ? valueText(value) : `${printable(path)}=${valueText(value)}`));
  return shortened(
    parts.slice(0, maxLines).join(', ') + (parts.length > maxLines ? `, … ${parts.length - maxLines} more` : ''),
    maxLength * 4,
  );
};

/** A value on one line, and not too long. */
function valueText(value: Json): string {
  const text = typeof value === 'string' && /^[\w.:/@*+=-]+$/.test(value) ? value : JSON.stringify(value);
  return shortened(printable(text), maxLength);
}

const shortened = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length)}…` : text);
