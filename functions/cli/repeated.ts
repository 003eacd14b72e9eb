/** The values of an option that can be repeated. */
export const collected = (value: string, earlier: readonly string[] = []): readonly string[] => [...earlier, value];
