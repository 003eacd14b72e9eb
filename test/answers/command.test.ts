import { commandFor, commandIn } from '../../functions/tickets/command';
import { textOfAdf } from '../../functions/tickets/markup/adf';

const plan = '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef';
const short = plan.slice(0, 16);

describe('a comment', () => {
  it.each([
    ['approves', commandFor('approve', plan), { order: 'approve', plan: short, why: '' }],
    ['approves with a reason', `/posture approve ${plan} as agreed`, { order: 'approve', plan, why: 'as agreed' }],
    ['rejects with a reason', `/posture reject ${short}  it is a   website`, { order: 'reject', plan: short, why: 'it is a website' }],
    ['exempts, which is to reject', `/posture exempt ${short} until spring`, { order: 'reject', plan: short, why: 'until spring' }],
    ['has the marks of code that were copied', `\`/posture approve ${short}\``, { order: 'approve', plan: short, why: '' }],
    ['has those of Jira', `{{/posture approve ${short}}}`, { order: 'approve', plan: short, why: '' }],
    ['says more below', `  /posture approve ${short}\n\n> thanks`, { order: 'approve', plan: short, why: '' }],
    ['names no plan', '/posture approve', 'unclear'],
    ['names too little of a plan', '/posture approve 0123456', 'unclear'],
    ['names a plan in capitals', `/posture approve ${short.toUpperCase()}`, 'unclear'],
    ['rejects without a reason', `/posture reject ${short}`, 'unclear'],
    ['orders something else', `/posture stop ${short}`, 'unclear'],
    ['names what every object has', `/posture constructor ${short}`, 'unclear'],
    ['quotes a command', `> /posture approve ${short}`, undefined],
    ['has a command in its text', `I would say /posture approve ${short}`, undefined],
    ['has another first word', `/postures approve ${short}`, undefined],
    ['is empty', '', undefined],
  ])('%s', (_, text, expected) => expect(commandIn(text)).toEqual(expected));

  it('quotes a command in Jira Cloud, and gives none', () => {
    const said = (...content: object[]) => textOfAdf({ type: 'doc', version: 1, content });
    const paragraph = (text: string) => ({ type: 'paragraph', content: [{ type: 'text', text }] });
    const command = paragraph(commandFor('approve', plan));
    expect(commandIn(said({ type: 'blockquote', content: [command] }, paragraph('Should I?')))).toBeUndefined();
    expect(commandIn(said(command, { type: 'blockquote', content: [paragraph('thanks')] }))).toMatchObject({ order: 'approve' });
  });
});
