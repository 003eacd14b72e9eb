import { categories, categoryTexts } from '../category';
import type { Counts } from '../numbers/misconfigurations';
import type { Part } from './charts/drawing';

/** The bars of the categories. */
export const partsOf = (counts: Counts): readonly Part[] =>
  categories.map((category) => ({ className: category, label: categoryTexts[category].label, value: counts[category] }));

export const answerParts = (approved: number, rejected: number): readonly Part[] => [
  { className: 'approved', label: 'Approved', value: approved },
  { className: 'rejected', label: 'Rejected', value: rejected },
];
