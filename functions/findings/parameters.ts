/** The names of the parameters of controls and Config rules, and how much of them is read. */
export const parameterName = /^[\w.:-]{1,128}$/;
export const maxParameters = 50;
/** AWS Config accepts 1,024 characters for all parameters of a rule. */
export const maxParameterLength = 2048;

/** The codes by which Security Hub says why a control failed, and how many of them are read. */
export const reasonCode = /^[A-Z0-9_]{1,128}$/;
export const maxReasons = 20;
