import path from 'node:path';
import type { PythonNeeds } from './python';

/** The second emulator, written by others, in the one version whose faults are known. */
export const ministack: PythonNeeds = {
  name: 'ministack',
  // Its KMS needs cryptography.
  requirements: ['ministack==1.5.33', 'botocore==1.43.106', 'cryptography==50.0.2'],
  probe: `
import importlib.metadata, sys
sys.exit(not all(importlib.metadata.version(name) == version for name, version in (("ministack", "1.5.33"), ("botocore", "1.43.106"), ("cryptography", "50.0.2"))))
`,
  venv: path.resolve(__dirname, '../../.venv-ministack'),
};
