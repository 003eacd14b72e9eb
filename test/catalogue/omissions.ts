/** Controls in scope that no rule answers on purpose, and why, in a sentence. */
export const omissions: Readonly<Record<string, string>> = {};
