import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { type Delivery, deliveryOf, type Letter } from './letter';

const CONNECT_MS_MAX = 10_000;

/** One connection to the server, used for message after message, and made anew when it broke. Not for two at a time. */
export class MailLine {
  private connection?: SMTPConnection;

  constructor(
    private readonly server: URL,
    private readonly from: string,
    private readonly msMax: number,
  ) {}

  /**
   * Sends one message. `handOver` is called when all of it but its end has gone out: where it throws, the end is never sent and
   * the server drops what it has. Never throws for what the server says or fails to say.
   */
  async send(letter: Letter, handOver: () => Promise<void>): Promise<Delivery> {
    const { envelope, message } = await compose(letter, this.from);
    for (const fresh of [false, true]) {
      const reused = this.connection !== undefined;
      let handedOver = false;
      try {
        const connection = await this.connected();
        const reply = await this.deliver(connection, envelope, message, async () => {
          await handOver();
          handedOver = true;
        });
        return { outcome: 'accepted', reply };
      } catch (error) {
        this.close();
        const delivery = deliveryOf(error as Error, handedOver);
        // A line that stood idle may have been closed by the server meanwhile: that says nothing about the message.
        if (!fresh && reused && delivery.outcome === 'later' && delivery.away) continue;
        return delivery;
      }
    }
    throw new Error('A second attempt always ends');
  }

  close(): void {
    const { connection } = this;
    this.connection = undefined;
    connection?.quit();
    connection?.close();
  }

  private connected(): Promise<SMTPConnection> {
    if (this.connection) return Promise.resolve(this.connection);
    const { hostname, port, protocol, username, password, searchParams } = this.server;
    const secure = protocol === 'smtps:';
    const connection = new SMTPConnection({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? (secure ? 465 : 25) : Number(port),
      secure,
      ...(searchParams.get('requireTLS') === '1' && { requireTLS: true }),
      connectionTimeout: Math.min(CONNECT_MS_MAX, this.msMax),
      greetingTimeout: Math.min(CONNECT_MS_MAX, this.msMax),
      socketTimeout: this.msMax,
      logger: false,
    });
    return new Promise((resolve, reject) => {
      const lost = (error?: Error): void => {
        if (this.connection === connection) this.connection = undefined;
        reject(error ?? new Error('The mail server closed the connection'));
      };
      connection.on('error', lost);
      connection.once('end', () => lost());
      const open = (): void => {
        this.connection = connection;
        resolve(connection);
      };
      connection.connect((error) => {
        if (error) return lost(error);
        if (username === '') return open();
        const auth = { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
        connection.login(auth, (refused) => {
          if (!refused) return open();
          connection.close();
          lost(refused);
        });
      });
    });
  }

  /** Gives the server's answer to the whole message. */
  private deliver(
    connection: SMTPConnection,
    envelope: { from: string; to: string[] },
    message: Buffer,
    handOver: () => Promise<void>,
  ): Promise<string> {
    async function* parts(): AsyncGenerator<Buffer> {
      yield message;
      // The stream's end is what makes the final dot: until here the server has nothing that it could deliver.
      await handOver();
    }
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        reject(new Error(`The mail server took longer than ${this.msMax / 1_000} s`));
        connection.close();
      }, this.msMax);
      const lost = (): void => reject(new Error('The mail server closed the connection'));
      connection.once('end', lost);
      connection.send(envelope, Readable.from(parts(), { objectMode: false }), (error, info) => {
        clearTimeout(late);
        connection.off('end', lost);
        if (error) reject(error);
        else resolve(info?.response ?? '');
      });
    });
  }
}

async function compose(
  letter: Letter,
  from: string,
): Promise<{ envelope: { from: string; to: string[] }; message: Buffer }> {
  const { messageId, to, subject, text, html, language, attachments } = letter;
  const mail = new MailComposer({
    from,
    to,
    subject,
    text,
    html,
    messageId,
    headers: { 'Content-Language': language, 'Auto-Submitted': 'auto-generated' },
    attachments: attachments.map(({ name, mediaType, content }) => ({
      filename: name,
      contentType: mediaType,
      content,
    })),
    // Whatever stands in a text, nothing is read from disk or fetched for it.
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  const envelope = mail.getEnvelope();
  return { envelope: { from: envelope.from || '', to: envelope.to }, message: await mail.build() };
}
