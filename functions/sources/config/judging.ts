import { maxParameterLength, maxParameters, parameterName } from '../../findings/parameters';
import { quote } from '../../untrusted-text';
import type { DescribedRule } from './deployed-rule';

/** By what a deployed Config rule judges. */
export type Judging =
  | { readonly parameters: Readonly<Record<string, string>>; readonly by: 'service' | 'anybody' }
  /** Why that can't be told, as a phrase. */
  | { readonly unread: string };

/** The services that create Config rules for those who may set them for the account: AWS lets nobody else name one of them. */
const services = ['securityhub', 'config-conforms', 'config-multiaccountsetup'].map((name) => `${name}.amazonaws.com`);

export function judgingOf({ ConfigRuleName, InputParameters = '{}', CreatedBy, Source }: DescribedRule): Judging {
  const by = CreatedBy !== undefined && services.includes(CreatedBy) ? 'service' : 'anybody';
  // Security Hub has some rules of its own, which no managed rule backs.
  if (Source?.Owner !== 'AWS' && CreatedBy !== services[0])
    return { unread: `${quote(ConfigRuleName)} is no managed rule of AWS (owner ${quote(Source?.Owner)})` };
  const parameters = parametersIn(InputParameters || '{}');
  return parameters
    ? { parameters, by }
    : { unread: `the parameters of ${quote(ConfigRuleName)} are no list of names, each once, and texts` };
}

function parametersIn(json: string): Readonly<Record<string, string>> | undefined {
  const entries = entriesIn(json);
  if (!entries || entries.length > maxParameters) return undefined;
  const texts = entries.map(
    ([name, value]) => [name, ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined] as const,
  );
  const valid = texts.every(([name, text]) => parameterName.test(name) && text !== undefined && text.length <= maxParameterLength);
  // Nothing says which of them AWS Config judges by.
  const once = new Set(texts.map(([name]) => name.toLowerCase())).size === texts.length;
  return valid && once ? (Object.fromEntries(texts) as Readonly<Record<string, string>>) : undefined;
}

function entriesIn(json: string): readonly (readonly [string, unknown])[] | undefined {
  try {
    const read: unknown = JSON.parse(json);
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? Object.entries(read) : undefined;
  } catch {
    return undefined;
  }
}
