/** The part of smtp-server 3 that the tests use. */
declare module 'smtp-server' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';
  import type { Readable } from 'node:stream';
  interface Address {
    address: string;
  }
  interface Session {
    envelope: { mailFrom: Address | false; rcptTo: Address[] };
  }
  type Done = (error?: Error | null, message?: string) => void;
  export class SMTPServer extends EventEmitter {
    readonly connections: Set<{ _socket: Socket }>;
    constructor(options: {
      disabledCommands: string[];
      logger: boolean;
      onRcptTo(address: Address, session: Session, done: Done): void;
      onData(stream: Readable, session: Session, done: Done): void;
    });
    listen(port: number, host: string, done: () => void): void;
    close(done: () => void): void;
  }
}
