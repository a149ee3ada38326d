import { setTimeout as pause } from 'node:timers/promises';
import { SMTPServer } from 'smtp-server';
import { freePort } from './redis';

export interface Received {
  to: string;
  from: string;
  /** the message as it came, headers and all */
  raw: string;
}

type Wish =
  /** answer to RCPT TO */
  | { refuse: number }
  /** never answer to RCPT TO */
  | 'stall'
  /** take the message, then say nothing and cut the line */
  | 'swallow'
  /** cut the line when the message begins */
  | 'cut'
  /** take the message, and answer only when told to */
  | 'hang';

const smtpError = (code: number, text: string): Error => Object.assign(new Error(text), { responseCode: code });

/** A real SMTP server on the loopback. It takes everything unless wished otherwise for a recipient; it can die and come back. */
export class TestMail {
  readonly received: Received[] = [];
  /** RCPT TO of every attempt, whatever became of it */
  readonly attempts: string[] = [];
  private readonly wishes = new Map<string, Wish>();
  private readonly hanging: (() => void)[] = [];
  private server?: SMTPServer;
  private slowMs = 0;

  private constructor(readonly port: number) {}

  static async start(): Promise<TestMail> {
    const mail = new TestMail(await freePort());
    await mail.start();
    return mail;
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  /** What to do with mail to this address from now on; null: take it. */
  wish(to: string, wish: Wish | null): void {
    if (wish === null) this.wishes.delete(to);
    else this.wishes.set(to, wish);
  }

  /** Takes so long to answer to each message. */
  slow(ms: number): void {
    this.slowMs = ms;
  }

  to(address: string): Received[] {
    return this.received.filter((one) => one.to === address);
  }

  /** How many messages hang now. */
  get hung(): number {
    return this.hanging.length;
  }

  /** Takes what hangs: the sender gets its answer, if it is still there. */
  release(): void {
    for (const answer of this.hanging.splice(0)) answer();
  }

  async start(): Promise<void> {
    const server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      logger: false,
      onRcptTo: ({ address }, _session, done) => {
        this.attempts.push(address);
        const wish = this.wishes.get(address);
        if (typeof wish === 'object') done(smtpError(wish.refuse, `${address} is not taken`));
        else if (wish !== 'stall') done();
      },
      onData: (stream, session, done) => {
        const to = session.envelope.rcptTo[0]?.address ?? '';
        const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : '';
        const wish = this.wishes.get(to);
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => {
          parts.push(part);
          if (wish === 'cut') this.cut();
        });
        stream.on('end', () => {
          const take = (): void => {
            this.received.push({ to, from, raw: Buffer.concat(parts).toString('utf8') });
          };
          if (wish === 'swallow') {
            take();
            this.cut();
          } else if (wish === 'hang') {
            take();
            this.hanging.push(() => done(null, 'taken'));
          } else {
            take();
            setTimeout(() => done(null, 'taken'), this.slowMs);
          }
        });
      },
    });
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', () => resolve()));
    this.server = server;
  }

  /** Dies at once: open conversations are cut. */
  async kill(): Promise<void> {
    const server = this.server;
    if (!server) return;
    this.server = undefined;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const { _socket } of server.connections) _socket.destroy();
    await Promise.race([closed, pause(1_000, undefined, { ref: false })]);
  }

  private cut(): void {
    for (const { _socket } of this.server?.connections ?? []) _socket.destroy();
  }
}

/** A mail server for the file it is called in. */
export function useMail(): () => TestMail {
  let mail: TestMail | undefined;
  beforeAll(async () => {
    mail = await TestMail.start();
  });
  afterAll(async () => {
    await mail?.kill();
  });
  return () => {
    if (!mail) throw new Error('The mail server is there from beforeAll on.');
    return mail;
  };
}
