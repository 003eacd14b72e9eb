/** The values of an option that can be given several times. */
export const collected = (value: string, earlier: readonly string[] = []): readonly string[] => [...earlier, value];
