/** An answer in a comment: `/posture approve 0123456789abcdef because it is fine`. */
export interface Command {
  readonly order: 'approve' | 'reject';
  /** The first digits of the plan's hash, 16 at least. */
  readonly plan: string;
  readonly why: string;
}

const word = '/posture';
const orders = { approve: 'approve', reject: 'reject', exempt: 'reject' } as const;

/** So many digits of a plan's hash name it. */
export const shownDigits = 16;

export const commandFor = (order: Command['order'], plan: string): string => `${word} ${order} ${plan.slice(0, shownDigits)}`;

/** Whether a comment may hold a command: a cheap look at what nobody has verified. */
export const mentionsCommand = (text: string): boolean => text.includes(word);

/**
 * The command that a comment begins with; `unclear` if it begins with our word and has another form; undefined if it is none of our business. The
 * marks of code around it are ignored, because people copy it with them. Pure.
 */
export function commandIn(text: string): Command | 'unclear' | undefined {
  const [line = ''] = text.replace(/^[\s`{}]+/, '').split('\n');
  const [first, name = '', plan = '', ...rest] = line.replaceAll(/[`{}]/g, ' ').trim().split(/\s+/);
  if (first !== word) return undefined;
  const order = Object.hasOwn(orders, name) ? orders[name as keyof typeof orders] : undefined;
  if (!order || !/^[0-9a-f]{16,64}$/.test(plan)) return 'unclear';
  const why = rest.join(' ').slice(0, 500);
  return order === 'reject' && why.length < 3 ? 'unclear' : { order, plan, why };
}

/** What a command looks like, for people. */
export const commandHelp = `Write a comment of one line: \`${word} approve <plan>\` or \`${word} reject <plan> <reason>\`, with the first ${shownDigits} digits of the plan or more.`;
