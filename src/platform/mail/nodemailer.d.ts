/** The parts of nodemailer 10 that mail uses: one conversation with a server, and the text of a message. */
declare module 'nodemailer/lib/smtp-connection' {
  import type { EventEmitter } from 'node:events';
  import type { Readable } from 'node:stream';
  interface Options {
    host: string;
    port: number;
    secure: boolean;
    requireTLS?: boolean;
    connectionTimeout: number;
    greetingTimeout: number;
    socketTimeout: number;
    logger: false;
  }
  type Done<T> = (error: Error | null, result?: T) => void;
  class SMTPConnection extends EventEmitter {
    constructor(options: Options);
    connect(done: (error?: Error | null) => void): void;
    login(auth: { user: string; pass: string }, done: Done<unknown>): void;
    send(envelope: { from: string; to: string[] }, message: Readable, done: Done<{ response: string }>): void;
    quit(): void;
    close(): void;
  }
  export default SMTPConnection;
}

declare module 'nodemailer/lib/mail-composer' {
  class MailComposer {
    constructor(mail: Record<string, unknown>);
    compile(): { build(): Promise<Buffer>; getEnvelope(): { from: string | false; to: string[] } };
  }
  export default MailComposer;
}
