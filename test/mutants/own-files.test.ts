import { join, relative } from 'node:path';
import { ownFiles } from './own-files';

const root = join(__dirname, '../..');

it('finds what a rule is made of in its own service, and nothing beyond', () => {
  const files = ownFiles(join(root, 'rules/rds/instance-deletion-protected.ts')).map((file) => relative(root, file));
  expect(files).toContain('rules/rds/instance-deletion-protected.ts');
  expect(files).toContain('rules/rds/db-instance/attribute.ts');
  // The factory imports it, not the rule.
  expect(files).toContain('rules/rds/db-instance/resource.ts');
  expect(files.filter((file) => !file.startsWith('rules/rds/'))).toEqual([]);
});
