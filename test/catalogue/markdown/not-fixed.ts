import type { Control } from '../controls';
import type { Coverage } from '../coverage';
import { inScope } from '../scope';
import { table } from './table';

/** Why controls are out of scope; the first that fits says it. */
const reasons: readonly { readonly title: string; readonly why: string; readonly fits: (control: Control) => boolean }[] = [
  { title: 'Retired or retiring', why: 'AWS has retired these controls, or is about to.', fits: ({ status }) => status !== undefined },
  {
    title: 'Tags',
    why: 'They ask for tags. Which ones, and with what values, is for the owner to say.',
    fits: ({ tagging }) => tagging === true,
  },
  {
    title: 'Only by a new resource',
    why: 'What is at fault was decided when the resource was made: a new one has to take its place, with its data and its clients.',
    fits: (control) => control.class === 'replace-only',
  },
  {
    title: 'By no call',
    why: 'They tell of something that a person has to decide or do; no AWS call puts it right.',
    fits: (control) => control.class === 'detect-only',
  },
  {
    title: 'Later',
    why: 'They can be fixed in place. They are medium or low, and come later.',
    fits: () => true,
  },
];

/** Why a control that no rule answers is out of scope, in a few words. */
export const reasonOf = (control: Control): string => reasons.find(({ fits }) => fits(control))?.title ?? '';

/** The controls that no rule answers, and why. */
export function notFixedSection(
  { controls, fixed, omitted, missing }: Coverage,
  omissions: Readonly<Record<string, string>>,
): readonly string[] {
  const others = controls.filter((control) => !inScope(control) && !fixed.includes(control));
  const groups = reasons.map(({ title, why }) => ({ title, why, members: others.filter((control) => reasonOf(control) === title) }));
  return [
    '## What is not fixed',
    ...section(
      'Left out on purpose',
      omitted,
      table(
        ['Control', 'Severity', 'Why no rule fixes it'],
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
