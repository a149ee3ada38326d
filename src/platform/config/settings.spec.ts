import { Settings } from './settings';

const needed = { DATABASE_URL: 'postgres://app:secret@127.0.0.1:5432/plant', REDIS_URL: 'redis://127.0.0.1:6379' };

describe('settings', () => {
  it('has a default for everything but the two addresses', () => {
    const settings = new Settings(needed);
    expect(settings.port).toBe(3000);
    expect(settings.demo).toBe(true);
    expect(settings.timeZone).toBe('UTC');
    expect(settings.bodyBytesMax).toBe(16 * 1024 * 1024);
    expect(settings.version).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('keeps the Redis keys of two databases apart', () => {
    expect(new Settings(needed).redisPrefix).toBe('unitrail:plant');
  });

  it('takes an empty variable as absent', () => {
    expect(new Settings({ ...needed, ADMIN_API_KEY: '', PORT: '' }).adminApiKey).toBeUndefined();
  });

  it.each([
    [{ REDIS_URL: needed.REDIS_URL }, 'DATABASE_URL is not set'],
    [{ ...needed, DATABASE_URL: 'mysql://x/y' }, 'DATABASE_URL is no address'],
    [{ ...needed, REDIS_URL: 'localhost' }, 'REDIS_URL is no address'],
    [{ ...needed, PORT: '70000' }, 'PORT must be a whole number from 0 to 65535, not "70000"'],
    [{ ...needed, PORT: '-1' }, 'PORT must be a whole number'],
    [{ ...needed, SMTP_URL: 'mail.example:25' }, 'SMTP_URL is no address'],
    [{ ...needed, MAIL_FROM: 'nobody' }, 'MAIL_FROM must be an address'],
    [{ ...needed, DEMO: 'maybe' }, 'DEMO must be 1 or 0'],
    [{ ...needed, ADMIN_API_KEY: 'short' }, 'ADMIN_API_KEY must have at least 32 characters'],
    [{ ...needed, LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of trace, debug'],
    [{ ...needed, TIME_ZONE: 'Mars/Olympus' }, 'TIME_ZONE must be a time zone'],
    [{ ...needed, HOLIDAYS: '2026-12-25, 2026-02-30' }, 'HOLIDAYS must be dates'],
  ])('names the variable that is wrong: %#', (env, message) => {
    expect(() => new Settings(env)).toThrow(message);
  });

  it('never shows an address, which may hold a password', () => {
    expect(() => new Settings({ ...needed, DATABASE_URL: 'http://u:hunter2@x' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') as string }) as Error,
    );
  });
});
