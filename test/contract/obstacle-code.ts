import type { Obstacle } from '../../rules/rule';

const shape = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Whether the code of an obstacle is one that software can rely on: lower case with hyphens, at most 40 characters. */
export const isWellFormed = ({ code }: Obstacle): boolean => shape.test(code) && code.length <= 40;
