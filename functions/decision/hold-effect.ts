import type { Rule } from '../../rules/rule';

/** What a hold until this time means, as a sentence without its article and full stop. */
export const holdEffect = ({ response }: Pick<Rule, 'response'>, until: string): string =>
  response
    ? `rule responds to further findings about the resource only after an approval, until ${until}, or until an approver releases it`
    : `rule does not change the resource until ${until}, or until an approver releases it`;
