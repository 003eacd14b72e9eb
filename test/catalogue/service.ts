import type { Control } from './controls';

/** The service in the id of a control; Security Hub itself writes both AutoScaling and Autoscaling. */
export const serviceOf = ({ id }: Pick<Control, 'id'>): string => id.slice(0, id.indexOf('.')).replace('Autoscaling', 'AutoScaling');
