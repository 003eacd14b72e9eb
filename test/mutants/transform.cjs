const { createTransformer } = require('@swc/jest').default ?? require('@swc/jest');
const swc = createTransformer({ jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } });

/** POSTURE_MUTANT: `{ file, start, end, text }` as JSON. */
const mutant = process.env.POSTURE_MUTANT && JSON.parse(process.env.POSTURE_MUTANT);
const mutated = (source, path) =>
  mutant && path === mutant.file ? source.slice(0, mutant.start) + mutant.text + source.slice(mutant.end) : source;

/** Transpiles as the tests do, after putting the mutant's fault into its file. */
module.exports = {
  process: (source, path, options) => swc.process(mutated(source, path), path, options),
  getCacheKey: (source, path, options) => swc.getCacheKey(mutated(source, path), path, options),
};
