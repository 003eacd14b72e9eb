import type { Control } from '../controls';
import type { Coverage } from '../coverage';
import { inScope } from '../scope';
import { table } from './table';

/** Why controls are out of scope; the first match applies. */
const reasons: readonly { readonly title: string; readonly why: string; readonly matches: (control: Control) => boolean }[] = [
  { title: 'Retired or retiring', why: 'AWS has retired these controls, or is about to.', matches: ({ status }) => status !== undefined },
  {
    title: 'Tags',
    why: 'These controls require tags. Only the owner knows the keys and values.',
    matches: ({ tagging }) => tagging === true,
  },
  {
    title: 'Requires a new resource',
    why: 'The setting can only be chosen at creation. A new resource has to replace the present one, with its data and clients.',
    matches: (control) => control.class === 'replace-only',
  },
  {
    title: 'Requires a manual step',
    why: 'No API call fixes these misconfigurations: the owner has to decide, or to act.',
    matches: (control) => control.class === 'detect-only',
  },
  {
    title: 'Planned',
    why: 'These controls can be fixed in place. They are medium or low, and are not implemented yet.',
    matches: () => true,
  },
];

/** Why a control without a rule is out of scope, in a few words. */
export const reasonOf = (control: Control): string => reasons.find(({ matches }) => matches(control))?.title ?? '';

/** The controls without a rule, and why. */
export function notFixedSection(
  { controls, fixed, omitted, missing }: Coverage,
  omissions: Readonly<Record<string, string>>,
): readonly string[] {
  const others = controls.filter((control) => !inScope(control) && !fixed.includes(control));
  const groups = reasons.map(({ title, why }) => ({ title, why, members: others.filter((control) => reasonOf(control) === title) }));
  return [
    '## Controls without a rule',
    ...section(
      'Excluded',
      omitted,
      table(
        ['Control', 'Severity', 'Reason'],
        omitted.map(({ id, title, severity }) => [`${id}: ${title}`, severity, omissions[id] ?? '']),
      ),
    ),
    ...section(
      'Missing',
      missing,
      table(
        ['Control', 'Severity'],
        missing.map(({ id, title, severity }) => [`${id}: ${title}`, severity]),
      ),
    ),
    ...groups.flatMap(({ title, why, members }) => section(title, members, [why, '', `${members.map(({ id }) => id).join(', ')}.`])),
  ];
}

const section = (title: string, members: readonly Control[], lines: readonly string[]): readonly string[] =>
  members.length === 0 ? [] : ['', `### ${title} (${members.length})`, '', ...lines];
