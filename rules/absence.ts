/** The answer, or undefined where AWS says by one of these error names that there is nothing to answer with. */
export async function undefinedOn<Output>(names: readonly string[], answer: Promise<Output>): Promise<Output | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && names.includes(error.name)) return undefined;
    throw error;
  }
}
