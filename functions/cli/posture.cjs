#!/usr/bin/env node
const path = require('node:path');

// At every start, the SDK warns about Node.js versions that it will drop within a year.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
// tsx would read the tsconfig.json of the current directory.
process.env.TSX_TSCONFIG_PATH = path.resolve(__dirname, '../../tsconfig.json');

require('tsx/cjs');
void require('../cli/main.ts').main(process.argv);
