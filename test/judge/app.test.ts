import { useAppsJudge } from './app';
import { assumptions } from './assume';
import { invocations } from './invoke';
import { legalCalls } from './legal';
import { logAttacks } from './log';
import { ordersAttacks } from './orders';

// In one file, because the app is synthesized once for all.
const judge = useAppsJudge();

describe('what a rule does', () => legalCalls(judge));
describe('the log', () => logAttacks(judge));
describe('orders and coordination', () => ordersAttacks(judge));
describe('who can invoke a function', () => invocations(judge));
describe('who can assume a role', () => assumptions(judge));
