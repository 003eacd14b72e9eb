#!/usr/bin/env node
const path = require('node:path');

// The SDK tells which Node it will drop a year ahead, at every start.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
// tsx would read the tsconfig.json of whatever folder this is started in.
process.env.TSX_TSCONFIG_PATH = path.resolve(__dirname, '../../tsconfig.json');

require('tsx/cjs');
void require('../cli/main.ts').main(process.argv);
