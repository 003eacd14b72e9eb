import type { Control, ControlClass } from './controls';

const fixable: readonly ControlClass[] = ['auto-safe', 'account-setting', 'auto-disruptive', 'create-resource', 'needs-input'];

/** Whether the catalogue has to answer the control: it can be fixed in place, and is critical or high, or the peer fixes it. */
export const inScope = (control: Control): boolean =>
  control.status === undefined &&
  !control.tagging &&
  fixable.includes(control.class) &&
  (control.peer === true || control.severity === 'critical' || control.severity === 'high');
