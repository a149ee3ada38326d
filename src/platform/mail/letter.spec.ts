import { deliveryOf } from './letter';

const failed = (more: object): Error => Object.assign(new Error('it failed'), more);
const refusal = (command: string, responseCode: number, code = 'EENVELOPE') =>
  failed({ command, responseCode, code, response: `${responseCode} no` });

describe('what became of a message', () => {
  it.each([
    ['an unknown recipient', refusal('RCPT TO', 550), false, { outcome: 'refused', reply: '550 no' }],
    ['a full mailbox', refusal('RCPT TO', 451), false, { outcome: 'later', reply: '451 no', away: false }],
    ['a message that is not wanted', refusal('DATA', 554), true, { outcome: 'refused', reply: '554 no' }],
    ['a sender that is not wanted', refusal('MAIL FROM', 550), false, { outcome: 'later', away: true }],
    ['a wrong password of ours', refusal('AUTH PLAIN', 535, 'EAUTH'), false, { outcome: 'later', away: true }],
    ['a server that is going down', refusal('DATA', 421), true, { outcome: 'later', away: true }],
    ['no server', failed({ code: 'ESOCKET' }), false, { outcome: 'later', reply: 'it failed', away: true }],
    ['a connection lost before the end', failed({ code: 'ECONNECTION' }), false, { outcome: 'later', away: true }],
    ['a connection lost after the end', failed({ code: 'ECONNECTION' }), true, { outcome: 'unsure' }],
  ])('%s', (_what, error, handedOver, expected) => {
    expect(deliveryOf(error, handedOver)).toMatchObject(expected);
  });
});
