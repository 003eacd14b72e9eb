/** The items of all pages of a list call, in order. `page` gets the token of the previous response. */
export async function collect<Output, Item>(
  page: (token: string | undefined) => Promise<Output>,
  items: (answer: Output) => readonly Item[] | undefined,
  next: (answer: Output) => string | undefined,
): Promise<Item[]> {
  const found: Item[] = [];
  let token: string | undefined;
  do {
    const answer = await page(token);
    found.push(...(items(answer) ?? []));
    token = next(answer) || undefined;
  } while (token !== undefined);
  return found;
}
