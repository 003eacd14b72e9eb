import { compareDeb } from './deb';
import { compareRpm } from './rpm';

/** The package manager of an operating system. */
export type Manager = 'rpm' | 'deb';

/** Operating systems that Patch Manager can patch package by package, by the beginning of their name in Systems Manager. */
const systems: readonly (readonly [RegExp, Manager])[] = [
  [/^(Alma ?Linux|Amazon Linux|CentOS|Oracle Linux|Red Hat Enterprise Linux|Rocky Linux|SLES|SUSE Linux Enterprise)/i, 'rpm'],
  [/^(Debian|Ubuntu)/i, 'deb'],
];

/** The package manager of the operating system with this name; undefined if Patch Manager can't install single packages there. */
export const managerOf = (system: string): Manager | undefined => systems.find(([names]) => names.test(system))?.[1];

const orders = { rpm: compareRpm, deb: compareDeb };

/** Negative if the first version is older. */
export const compareVersions = (manager: Manager, one: string, other: string): number => orders[manager](one, other);

/** Architectures of packages, where Inspector does not name one. */
export const architectures: Readonly<Record<Manager, readonly string[]>> = {
  rpm: ['aarch64', 'i686', 'noarch', 'x86_64'],
  deb: ['all', 'amd64', 'arm64', 'i386'],
};
