import { InvalidArgumentError } from 'commander';

/** The account that an option names. */
export function accountId(text: string): string {
  if (/^\d{12}$/.test(text)) return text;
  throw new InvalidArgumentError('Specify a 12-digit account id.');
}
