import type { Facts } from './facts';
import type { Report } from './report';

/** All remediations of a report, the oldest outcome first. */
export const oldestFirst = ({ numbers }: Pick<Report, 'numbers'>): readonly Facts[] =>
  numbers.misconfigurations.flatMap(({ history }) => history).sort((a, b) => a.at - b.at);
