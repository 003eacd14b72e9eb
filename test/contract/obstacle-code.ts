import type { Obstacle } from '../../rules/rule';

const shape = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Whether software can rely on the code of an obstacle: lower case with hyphens, no longer than a metric dimension reads well. */
export const isWellFormed = ({ code }: Obstacle): boolean => shape.test(code) && code.length <= 40;
