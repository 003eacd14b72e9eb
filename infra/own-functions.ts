/** The functions of the hub that belong to no rule: their names, and the modules that hold their handlers. */
export const ownFunctions: Readonly<Record<string, string>> = { notify: 'functions/notify/handler.ts' };
