import { readFileSync } from 'node:fs';
import { quote } from '../../untrusted-text';
import { sentence, Unable } from '../failure';

/** The values of a file, or of standard input for `-`: one JSON value, or one per line. UTF-8, or UTF-16 as PowerShell writes it. */
export function readValues(file: string): readonly unknown[] {
  const text = contentOf(file).trim();
  if (text === '') throw new Unable(`${nameOf(file)} is empty. Provide JSON: one event, a list of events, or one event per line.`);
  const whole = parsed(text);
  if ('value' in whole) return [whole.value];
  const lines = text.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : [{ line, number: index + 1 }]));
  return lines.map(({ line, number }) => {
    const one = parsed(line);
    if ('value' in one) return one.value;
    // Only if the first line is an event does the file have one event per line.
    const lineWise = 'value' in parsed(lines[0]?.line ?? '');
    throw new Unable(
      `${nameOf(file)}${lineWise ? `, line ${number},` : ''} is not valid JSON: ${lineWise ? one.problem : whole.problem}. Provide one event, a JSON list of events, or one event per line.`,
    );
  });
}

function contentOf(file: string): string {
  try {
    return decoded(readFileSync(file === '-' ? 0 : file));
  } catch (error) {
    throw new Unable(`${nameOf(file)} can't be read: ${sentence(error)}. Specify an existing file, or - for standard input.`);
  }
}

/** By the byte order mark; without one, by the zero that JSON in UTF-16 has beside its first character. A mark is removed. */
export function decoded(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return new TextDecoder('utf-16le').decode(bytes);
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder('utf-8').decode(bytes);
}

export function parsed(text: string): { readonly value: unknown } | { readonly problem: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { problem: sentence(error) };
  }
}

const nameOf = (file: string): string => (file === '-' ? 'Standard input' : quote(file));
