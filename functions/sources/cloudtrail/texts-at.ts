/** More than a call names: RunInstances starts a thousand instances at most. */
const max = 1000;

/** The texts at a path; `[]` after a name stands for each item of a list. What is there, but no text, is none. */
export function textsAt(value: unknown, path: string): readonly string[] {
  const found = path.split('.').reduce<readonly unknown[]>(
    (values, part) => {
      const name = part.replace(/\[\]$/, '');
      const next = values.flatMap((one) => (isObject(one) && Object.hasOwn(one, name) ? [Reflect.get(one, name)] : []));
      return part === name ? next : next.flatMap((one) => (Array.isArray(one) ? one.slice(0, max) : []));
    },
    [value],
  );
  return [...new Set(found.filter((one) => typeof one === 'string' && one !== ''))] as readonly string[];
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
