import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { Settings } from '@/platform/config';
import { MailLine } from './mail-line';

/** The mail server that the settings name; without one, nothing is sent. */
@Injectable()
export class Mail {
  constructor(private readonly settings: Settings) {}

  get configured(): boolean {
    return this.settings.smtpUrl !== undefined && this.settings.mailFrom !== undefined;
  }

  /** The host of message ids: that of the sender's address. Throws MAIL_NOT_CONFIGURED. */
  get host(): string {
    return this.required().from.replace(/^.*@/, '').replace(/>.*$/, '');
  }

  /** Throws MAIL_NOT_CONFIGURED. */
  require(): void {
    this.required();
  }

  /** A line to the server for any number of messages, opened with the first one. Throws MAIL_NOT_CONFIGURED. */
  open(): MailLine {
    const { url, from } = this.required();
    return new MailLine(new URL(url), from, this.settings.mailSecondsMax * 1_000);
  }

  private required(): { url: string; from: string } {
    const { smtpUrl, mailFrom } = this.settings;
    const missing = [smtpUrl === undefined ? 'SMTP_URL' : '', mailFrom === undefined ? 'MAIL_FROM' : ''].filter(
      Boolean,
    );
    if (smtpUrl === undefined || mailFrom === undefined)
      throw new DomainError('MAIL_NOT_CONFIGURED', { missing: missing.join(' and ') });
    return { url: smtpUrl, from: mailFrom };
  }
}
