/** The response, or undefined if AWS responds with one of these errors. */
export async function undefinedOn<Output>(names: readonly string[], answer: Promise<Output>): Promise<Output | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && names.includes(error.name)) return undefined;
    throw error;
  }
}

/** A response without its empty texts: an empty ID or ARN names nothing, as one that is left out. */
export const withoutEmptyTexts = <Found extends object>(found: Found): Found =>
  Object.fromEntries(Object.entries(found).filter(([, value]) => value !== '')) as Found;
