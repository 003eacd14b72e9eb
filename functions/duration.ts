export { days, hours, minutes, seconds } from '../rules/duration';
