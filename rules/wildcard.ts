/** Whether a text fits a pattern of an IAM policy: `*` stands for any characters or none, `?` for one. Takes no longer than their lengths multiplied. */
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
      // The last star takes one character more.
      resume += 1;
      at = resume;
      next = star + 1;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(next));
}

/** Whether an ARN fits a pattern of `ArnLike` or `ArnEquals`: each of its six parts by itself, so that no wildcard reaches over a colon but in the last. */
export const arnFits = (arn: string, pattern: string): boolean => {
  const wanted = partsOf(pattern);
  return partsOf(arn).every((part, index) => matchesWildcard(part, wanted[index] ?? ''));
};

function partsOf(arn: string): readonly string[] {
  const parts = arn.split(':');
  return [...Array.from({ length: 5 }, (_, index) => parts[index] ?? ''), parts.slice(5).join(':')];
}
