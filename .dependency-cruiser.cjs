/** The rooms of `functions/`, in levels. */
const rooms = [
  ['aws'],
  ['log', 'catalogue', 'standards'],
  ['findings', 'plan', 'template'],
  ['policy'],
  ['decision'],
  ['outcomes', 'coordination'],
  ['ticket-records', 'drill'],
  ['archive'],
  ['seal'],
  ['sources'],
  ['facts'],
  ['remediate'],
  ['rollback', 'notify', 'control', 'dispatch', 'requests', 'forecast'],
  ['tickets'],
  ['answers'],
  ['rule-function', 'reconcile', 'sweep', 'report'],
  ['watch'],
  ['cli'],
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'rules-import-only-the-sdk-and-their-own',
      // ipaddr.js reads address ranges: IPv6 has too many notations for a parser of our own. A hash names the document of a change.
      comment: 'A rule knows of nothing that runs it.',
      severity: 'error',
      from: { path: '^rules/' },
      to: {
        pathNot: ['^rules/', '^node_modules/@aws-sdk/client-', '^node_modules/zod/', '^node_modules/ipaddr\\.js/', '^(node:)?crypto$'],
      },
    },
    {
      name: 'functions-know-nothing-of-the-app',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: ['^infra/', '^test/', '^node_modules/(aws-cdk-lib|constructs)/'] },
    },
    {
      name: 'functions-name-no-rule',
      comment: 'Never branch on a rule: a rule that needs something special gets a field for it.',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: '^rules/[^/]+/' },
    },
    {
      name: 'rooms-of-functions',
      comment: 'A new room is a decision: add it here and to the rooms that may import it.',
      severity: 'error',
      from: { path: '^functions/[^/]+/', pathNot: `^functions/(${rooms.flat().join('|')})/` },
      to: {},
    },
    {
      name: 'files-of-functions-import-no-room',
      comment: 'Every room may import them.',
      severity: 'error',
      from: { path: '^functions/[^/]+$' },
      to: { path: '^functions/[^/]+/' },
    },
    // Each level imports the levels before it: nothing of a later one, nor another room of its own.
    ...rooms.map((level, index) => ({
      name: `functions-${level[0]}-imports-no-later-room`,
      severity: 'error',
      from: { path: `^functions/(${level.join('|')})/` },
      to: { path: `^functions/(${rooms.slice(index).flat().join('|')})/`, pathNot: '^functions/$1/' },
    })),
    { name: 'infra-names-no-rule', severity: 'error', from: { path: '^infra/' }, to: { path: '^rules/[^/]+/' } },
    {
      name: 'storm-judges-without-the-product',
      comment: 'What simulates AWS and what checks the result must not share a mistake with the product.',
      severity: 'error',
      from: { path: '^test/storm/(aws|checks|sorts)/' },
      to: { path: '^(functions|rules|infra)/' },
    },
    { name: 'nothing-imports-tests', severity: 'error', from: { path: '^(rules|functions|infra)/' }, to: { path: '^test/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
