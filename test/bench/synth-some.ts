import { loadRules } from '../../functions/catalogue/catalogue';
import { synthesize } from '../../infra/synth';

const [rules, outdir = 'build/bench/synth'] = process.argv.slice(2);

/** Synthesizes the first so many rules. */
void synthesize({ outdir, entries: loadRules().slice(0, Number(rules)) });
