/** The response, or undefined if AWS responds with one of these errors. */
export async function undefinedOn<Output>(names: readonly string[], answer: Promise<Output>): Promise<Output | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && names.includes(error.name)) return undefined;
    throw error;
  }
}
