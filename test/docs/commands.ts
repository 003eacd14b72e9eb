import { blocks, pages, spans } from './pages';

/** Every command line of `posture` in the documentation, in its code blocks and code spans. */
export const commandLines: readonly string[] = [
  ...new Set(
    [...pages.values()]
      .flatMap((text) => [...blocks(text).flatMap((block) => block.split('\n')), ...spans(text)])
      .flatMap((line) => line.replace(/\s#.*$/, '').split(/\||&&/))
      .map((line) => line.trim())
      .filter((line) => line.startsWith('posture ')),
  ),
];

/** The commands of a help text. */
export function commandsIn(help: string): readonly string[] {
  const [, listed = ''] = /\nCommands:\n([\s\S]*?)\n\n/.exec(`${help}\n\n`) ?? [];
  return [...listed.matchAll(/^ {2}(\w+)/gm)].map(([, name = '']) => name).filter((name) => name !== 'help');
}

/** `posture log --rule <id>` -> `--rule`. */
export const optionsIn = (line: string): readonly string[] => line.split(/\s+/).filter((word) => word.startsWith('--'));
