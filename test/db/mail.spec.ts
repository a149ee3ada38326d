/** A message and what became of it, with a real mail server on the loopback. */
import { Settings } from '@/platform/config';
import { type Letter, Mail } from '@/platform/mail';
import { useMail } from '../support/mail';

const mail = useMail();
const settings = (more: Record<string, string> = {}) =>
  new Settings({
    DATABASE_URL: 'postgres://app@127.0.0.1:5432/plant',
    REDIS_URL: 'redis://127.0.0.1:6379',
    SMTP_URL: mail().url,
    MAIL_FROM: 'Plant Lyon <recalls@plant.example>',
    MAIL_SECONDS_MAX: '2',
    ...more,
  });
const open = (more: Record<string, string> = {}) => new Mail(settings(more)).open();
const letter = (to: string): Letter => ({
  messageId: `<1.${to}>`,
  to,
  subject: 'Rückruf: Wurst',
  text: 'Hören Sie auf\n.\nzu verkaufen',
  html: '<p>Hören Sie auf</p>',
  language: 'de',
  attachments: [{ name: 'lots.csv', mediaType: 'text/csv', content: Buffer.from('lot\n1\n') }],
});

describe('mail', () => {
  it('goes out whole, from whom the settings say, and is accepted before that is told', async () => {
    const line = open();
    const seen: number[] = [];
    const sent = await line.send(letter('a@shop.example'), async () => {
      seen.push(mail().to('a@shop.example').length);
      return Promise.resolve();
    });
    const again = await line.send(letter('b@shop.example'), () => Promise.resolve());
    line.close();
    expect(sent.outcome).toBe('accepted');
    expect(again.outcome).toBe('accepted');
    // When the sender was told, the server had nothing yet that it could deliver.
    expect(seen).toEqual([0]);
    const [got] = mail().to('a@shop.example');
    expect(got!.from).toBe('recalls@plant.example');
    expect(got!.raw).toContain('Message-ID: <1.a@shop.example>');
    expect(got!.raw).toContain('Content-Language: de');
    expect(got!.raw).toContain('filename=lots.csv');
  });

  it('is not sent where the sender takes it back at the last moment', async () => {
    const line = open();
    const sent = await line.send(letter('back@shop.example'), () => Promise.reject(new Error('another one has it')));
    line.close();
    expect(sent).toMatchObject({ outcome: 'later' });
    expect(mail().to('back@shop.example')).toEqual([]);
  });

  it.each([
    [550, 'refused'],
    [451, 'later'],
  ] as const)('a recipient that is answered %i is %s, with the words of the server', async (code, outcome) => {
    const to = `c${code}@shop.example`;
    mail().wish(to, { refuse: code });
    const line = open();
    const sent = await line.send(letter(to), () => Promise.resolve());
    const next = await line.send(letter(`after${code}@shop.example`), () => Promise.resolve());
    line.close();
    expect(sent).toMatchObject({ outcome, reply: `${code} ${to} is not taken` });
    expect(next.outcome).toBe('accepted');
  });

  it.each([
    ['cut', 'later'],
    ['swallow', 'unsure'],
    ['hang', 'unsure'],
  ] as const)('a server that will %s a message leaves it %s', async (wish, outcome) => {
    const to = `${wish}@shop.example`;
    mail().wish(to, wish);
    const line = open();
    const told = { handedOver: false };
    const sent = await line.send({ ...letter(to), text: 'x'.repeat(200_000) }, () => {
      told.handedOver = true;
      return Promise.resolve();
    });
    line.close();
    mail().release();
    expect(sent.outcome).toBe(told.handedOver ? 'unsure' : 'later');
    if (wish !== 'cut') expect(sent.outcome).toBe(outcome);
  });

  it('waits for a server that is away, and goes out when it is back', async () => {
    await mail().kill();
    const line = open();
    const sent = await line.send(letter('d@shop.example'), () => Promise.resolve());
    expect(sent).toMatchObject({ outcome: 'later', away: true });
    await mail().start();
    expect((await line.send(letter('d@shop.example'), () => Promise.resolve())).outcome).toBe('accepted');
    // The server is another one now: the line that stood idle is made anew, and the message goes out once.
    await mail().kill();
    await mail().start();
    expect((await line.send(letter('e@shop.example'), () => Promise.resolve())).outcome).toBe('accepted');
    line.close();
    expect(mail().to('e@shop.example')).toHaveLength(1);
  });

  it('is off where the settings name no server', () => {
    const off = new Mail(settings({ SMTP_URL: '' }));
    expect(off.configured).toBe(false);
    expect(() => off.open()).toThrow('SMTP_URL is not set');
  });
});
