import { readFileSync } from 'node:fs';
import { quote } from '../../untrusted-text';
import { sentence, Unable } from '../failure';

/** The events of a file, or of standard input for `-`: one event, a list, or one event per line. */
export function readEvents(file: string): readonly unknown[] {
  const text = contentOf(file).trim();
  if (text === '') throw new Unable(`${nameOf(file)} is empty. Provide one event, a JSON list of events, or one event per line.`);
  const whole = parsed(text);
  if ('value' in whole) return Array.isArray(whole.value) ? whole.value : [whole.value];
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
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new Unable(`${nameOf(file)} can't be read: ${sentence(error)}. Specify an existing file, or - for standard input.`);
  }
}

function parsed(text: string): { readonly value: unknown } | { readonly problem: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { problem: sentence(error) };
  }
}

const nameOf = (file: string): string => (file === '-' ? 'Standard input' : quote(file));
