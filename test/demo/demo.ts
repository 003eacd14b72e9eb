import { printJson } from '../../functions/cli/print/printed';
import { keepOpen } from './keep';
import { type Options, readOptions, usage } from './options';
import { observing } from './policies';
import { showToPeople } from './print/people';
import { type Show, silent } from './print/show';
import { setStage } from './stage';
import { tellStory } from './story';
import { writeReport } from './write-report';

const exitCodes = { asItShouldBe: 0, notAsItShouldBe: 1, couldNotRun: 2, interrupted: 130 } as const;

/** Runs the demo; answers the exit code. What it started is on `closing`. */
async function run({ json, keep, html }: Options, closing: (() => Promise<void>)[]): Promise<number> {
  const started = performance.now();
  const show: Show = json ? { ...silent, detail: (line) => void process.stderr.write(`${line}\n`) } : showToPeople();
  const stage = await setStage(observing, show, closing);
  const document = await tellStory(stage, show, started);
  if (json) printJson(document);
  if (html !== undefined) await writeReport(stage, html);
  if (keep) await keepOpen(stage, closing);
  return document.ok ? exitCodes.asItShouldBe : exitCodes.notAsItShouldBe;
}

/** Stops what was started, last one first. Children that are left end with this process. */
async function close(closing: readonly (() => Promise<void>)[]): Promise<void> {
  for (const stop of closing.toReversed()) await stop().catch(() => undefined);
}

async function main(): Promise<void> {
  const closing: (() => Promise<void>)[] = [];
  let interrupted = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      interrupted = true;
      void close(closing).finally(() => process.exit(exitCodes.interrupted));
    });
  }
  try {
    const options = readOptions(process.argv.slice(2));
    if (options.help) return void process.stdout.write(usage);
    process.exitCode = await run(options, closing);
  } catch (error) {
    // What was going on fails when what it needs is stopped.
    if (interrupted) return;
    process.stderr.write(`The demo could not run. ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = exitCodes.couldNotRun;
  }
  await close(closing);
}

void main();
