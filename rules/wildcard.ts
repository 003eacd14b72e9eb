/** Whether a text matches an IAM policy pattern: `*` matches any characters or none, `?` one. The time is at most proportional to the product of their lengths. */
export function matchesWildcard(text: string, pattern: string): boolean {
  let at = 0;
  let next = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    if (pattern[next] === '*') {
      star = next;
      resume = at;
      next += 1;
    } else if (pattern[next] === '?' || pattern[next] === text[at]) {
      at += 1;
      next += 1;
    } else if (star >= 0) {
      // The last star matches one more character.
      resume += 1;
      at = resume;
      next = star + 1;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(next));
}

/** Whether an ARN matches a pattern of `ArnLike` or `ArnEquals`: each of its six parts is matched separately, so no wildcard crosses a colon, except in the last. */
export const arnFits = (arn: string, pattern: string): boolean => {
  const wanted = partsOf(pattern);
  return partsOf(arn).every((part, index) => matchesWildcard(part, wanted[index] ?? ''));
};

function partsOf(arn: string): readonly string[] {
  const parts = arn.split(':');
  return [...Array.from({ length: 5 }, (_, index) => parts[index] ?? ''), parts.slice(5).join(':')];
}
