import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A setting that is missing or wrong: names the variable and says what is expected. */
export class SettingError extends Error {
  constructor(
    readonly variable: string,
    expected: string,
  ) {
    super(`The setting ${variable} ${expected}`);
    this.name = 'SettingError';
  }
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const MIB = 1024 * 1024;

/** The settings of one process: read once from the environment and checked before anything else starts. */
export class Settings {
  /** TCP port of the api; 0 picks a free one */
  readonly port: number;
  readonly host: string;
  /** where `npm start` keeps its own PostgreSQL and Redis; absent where others provide them */
  readonly dataDir?: string;
  readonly databaseUrl: string;
  readonly databasePoolMax: number;
  readonly redisUrl: string;
  /** in front of every Redis key and channel, so that installations that share a Redis never mix */
  readonly redisPrefix: string;
  readonly adminPassword?: string;
  readonly adminApiKey?: string;
  /** whether the first start seeds the demo plants */
  readonly demo: boolean;
  readonly logLevel: LogLevel;
  /** the zone of dates where no place says otherwise */
  readonly timeZone: string;
  /** dates (YYYY-MM-DD) that are no working days besides weekends: the clocks of recalls leave them out */
  readonly holidays: ReadonlySet<string>;
  readonly eventsMax: number;
  readonly bodyBytesMax: number;
  readonly linksPerEventMax: number;
  readonly traceLinksMax: number;
  /** the lists of a finished trace are removed after so many days; 0 never */
  readonly traceKeepDays: number;
  /** memory for results that were read lately, in each process */
  readonly resultCacheBytesMax: number;
  /** traces that one worker computes at once */
  readonly traceConcurrency: number;
  /** a trace that runs longer ends as failed */
  readonly traceSecondsMax: number;
  /** whether workers keep the genealogy in memory */
  readonly index: boolean;
  /** above this, traces are answered from the database */
  readonly indexBytesMax: number;
  /** the index is built anew once so much of it has changed */
  readonly indexRebuildPercent: number;
  /** amounts in answers with more units than this come a little later than the rest */
  readonly amountsInlineUnitsMax: number;
  /** traces of one user that wait at once; more are refused */
  readonly tracesQueuedPerUserMax: number;
  /** the blast radius of all lots is computed again by itself so often, if the ledger has moved on; 0 never */
  readonly blastEveryHours: number;
  /** the rules that make tasks are run so often by a worker; 0 never */
  readonly taskRulesEverySeconds: number;
  /** a count that differs from the record by more than so many percent is counted again by somebody else */
  readonly countSecondPercent: number;
  /** no part of a search takes longer; what is too common to be found in time is said to be */
  readonly searchMsMax: number;
  /** units that one command may put on hold */
  readonly holdUnitsMax: number;
  /** whether what becomes of held goods is decided by another person than the one who proposed it */
  readonly dispositionFourEyes: boolean;
  /** an open recall is compared with the ledger so often; 0 never */
  readonly recallWatchSeconds: number;
  /** units that the rules of one recall's scope may begin with */
  readonly scopeSeedsMax: number;
  readonly uploadBytesMax: number;
  /** rows of a dry run: until it ends it holds what it touches */
  readonly dryRunRowsMax: number;
  /** one certificate or other document of a receipt, unit or shipment */
  readonly documentBytesMax: number;
  /** what may come over or short of an order line without a word, where neither line nor partner says so */
  readonly overPercent: number;
  readonly shortPercent: number;
  /** ask: what is over that is taken in with a reason; refuse: it is not */
  readonly overDelivery: 'ask' | 'refuse';
  /** GS1 company prefix with the extension digit in front, for SSCCs that are made here */
  readonly ssccPrefix?: string;
  /** where mail goes out; absent: none does */
  readonly smtpUrl?: string;
  /** whom mail is from: `recalls@plant.example`, or `Plant <recalls@plant.example>` */
  readonly mailFrom?: string;
  /** one message to the mail server takes no longer; what a killed worker left is looked at after as long */
  readonly mailSecondsMax: number;
  /** until the first repetition of what the mail server put off; each next pause is twice as long, an hour at most */
  readonly mailRetrySeconds: number;
  /** what the mail server puts off for longer is given up, and listed */
  readonly mailRetryHours: number;
  /** the address at which the outside reaches this installation, for links in mail; absent: mail has none */
  readonly publicUrl?: string;
  /** how long a consignee's link to its answer page works, from the last mail on */
  readonly answerDays: number;
  /** failed sign-ins of one name in 15 minutes; an address has five times as many */
  readonly loginAttemptsMax: number;
  readonly sessionHours: number;
  /** whether X-Forwarded-* of a proxy in front is believed */
  readonly trustProxy: boolean;
  /** written with {port, pid} once the process serves */
  readonly readyFile?: string;
  readonly version: string;

  constructor(env: Readonly<Record<string, string | undefined>>) {
    const read = new Reader(env);
    this.port = read.integer('PORT', 3000, 0, 65_535);
    this.host = read.text('HOST') ?? '127.0.0.1';
    this.dataDir = read.text('DATA_DIR');
    this.databaseUrl = read.url(
      'DATABASE_URL',
      ['postgres:', 'postgresql:'],
      'postgres://user:password@host:5432/name',
    );
    this.databasePoolMax = read.integer('DATABASE_POOL_MAX', 10, 2, 500);
    this.redisUrl = read.url('REDIS_URL', ['redis:', 'rediss:'], 'redis://host:6379');
    this.redisPrefix = read.text('REDIS_PREFIX') ?? `unitrail:${new URL(this.databaseUrl).pathname.slice(1)}`;
    this.adminPassword = read.secret('ADMIN_PASSWORD', 8);
    this.adminApiKey = read.secret('ADMIN_API_KEY', 32);
    this.demo = read.flag('DEMO', true);
    this.logLevel = read.oneOf('LOG_LEVEL', LOG_LEVELS, 'info');
    this.timeZone = read.zone('TIME_ZONE', 'UTC');
    this.holidays = read.dates('HOLIDAYS');
    this.eventsMax = read.integer('EVENTS_MAX', 10_000, 1, 1_000_000);
    this.bodyBytesMax = read.integer('BODY_BYTES_MAX', 16 * MIB, 1024, 1024 * MIB);
    this.linksPerEventMax = read.integer('LINKS_PER_EVENT_MAX', 100_000, 1, 10_000_000);
    this.traceLinksMax = read.integer('TRACE_LINKS_MAX', 20_000_000, 1, 2_000_000_000);
    this.traceKeepDays = read.integer('TRACE_KEEP_DAYS', 365, 0, 36_500);
    this.resultCacheBytesMax = read.integer('RESULT_CACHE_BYTES_MAX', 256 * MIB, 0, 64 * 1024 * MIB);
    this.traceConcurrency = read.integer('TRACE_CONCURRENCY', 1, 1, 64);
    this.index = read.flag('INDEX', true);
    this.indexBytesMax = read.integer('INDEX_BYTES_MAX', 4096 * MIB, MIB, 1_000_000 * MIB);
    this.indexRebuildPercent = read.integer('INDEX_REBUILD_PERCENT', 5, 1, 100);
    this.amountsInlineUnitsMax = read.integer('AMOUNTS_INLINE_UNITS_MAX', 5_000, 0, 100_000_000);
    this.traceSecondsMax = read.integer('TRACE_SECONDS_MAX', 3_600, 1, 7 * 24 * 3_600);
    this.tracesQueuedPerUserMax = read.integer('TRACES_QUEUED_PER_USER_MAX', 1_000, 1, 1_000_000);
    this.blastEveryHours = read.integer('BLAST_EVERY_HOURS', 24, 0, 24 * 365);
    this.taskRulesEverySeconds = read.integer('TASK_RULES_EVERY_SECONDS', 60, 0, 24 * 3_600);
    this.countSecondPercent = read.integer('COUNT_SECOND_PERCENT', 5, 0, 100);
    this.searchMsMax = read.integer('SEARCH_MS_MAX', 300, 10, 60_000);
    this.holdUnitsMax = read.integer('HOLD_UNITS_MAX', 500_000, 1, 10_000_000);
    this.dispositionFourEyes = read.flag('DISPOSITION_FOUR_EYES', true);
    this.recallWatchSeconds = read.integer('RECALL_WATCH_SECONDS', 10, 0, 24 * 3_600);
    this.scopeSeedsMax = read.integer('SCOPE_SEEDS_MAX', 20_000, 1, 1_000_000);
    this.uploadBytesMax = read.integer('UPLOAD_BYTES_MAX', 1024 * MIB, 1024, 1024 * 1024 * MIB);
    this.dryRunRowsMax = read.integer('DRY_RUN_ROWS_MAX', 200_000, 1, 100_000_000);
    this.documentBytesMax = read.integer('DOCUMENT_BYTES_MAX', 20 * MIB, 1024, 1024 * MIB);
    this.overPercent = read.integer('OVER_PERCENT', 0, 0, 1_000);
    this.shortPercent = read.integer('SHORT_PERCENT', 0, 0, 100);
    this.overDelivery = read.oneOf('OVER_DELIVERY', ['ask', 'refuse'], 'ask');
    this.ssccPrefix = read.digits('SSCC_PREFIX', 8, 16);
    this.smtpUrl = read.optionalUrl('SMTP_URL', ['smtp:', 'smtps:'], 'smtp://user:password@host:587');
    this.mailFrom = read.mailbox('MAIL_FROM');
    this.mailSecondsMax = read.integer('MAIL_SECONDS_MAX', 60, 1, 3_600);
    this.mailRetrySeconds = read.integer('MAIL_RETRY_SECONDS', 30, 1, 3_600);
    this.mailRetryHours = read.integer('MAIL_RETRY_HOURS', 72, 1, 24 * 30);
    this.publicUrl = read
      .optionalUrl('PUBLIC_URL', ['http:', 'https:'], 'https://recalls.plant.example')
      ?.replace(/\/+$/, '');
    this.answerDays = read.integer('ANSWER_DAYS', 90, 1, 3_650);
    this.loginAttemptsMax = read.integer('LOGIN_ATTEMPTS_MAX', 10, 1, 1_000_000);
    this.sessionHours = read.integer('SESSION_HOURS', 12, 1, 24 * 30);
    this.trustProxy = read.flag('TRUST_PROXY', false);
    this.readyFile = read.text('READY_FILE');
    this.version = readVersion();
  }
}

class Reader {
  constructor(private readonly env: Readonly<Record<string, string | undefined>>) {}

  /** An empty variable counts as absent: that is how compose files leave one out. */
  text(name: string): string | undefined {
    const value = this.env[name]?.trim();
    return value ? value : undefined;
  }

  integer(name: string, fallback: number, min: number, max: number): number {
    const value = this.text(name);
    if (value === undefined) return fallback;
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= min && number <= max))
      throw new SettingError(name, `must be a whole number from ${min} to ${max}, not "${value}".`);
    return number;
  }

  digits(name: string, min: number, max: number): string | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^\d+$/.test(value) || value.length < min || value.length > max)
      throw new SettingError(name, `must be ${min} to ${max} digits, not "${value}".`);
    return value;
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.text(name)?.toLowerCase();
    if (value === undefined) return fallback;
    if (['1', 'true', 'yes', 'on'].includes(value)) return true;
    if (['0', 'false', 'no', 'off'].includes(value)) return false;
    throw new SettingError(name, `must be 1 or 0, not "${value}".`);
  }

  oneOf<T extends string>(name: string, values: readonly T[], fallback: T): T {
    const value = this.text(name)?.toLowerCase();
    if (value === undefined) return fallback;
    if (!(values as readonly string[]).includes(value))
      throw new SettingError(name, `must be one of ${values.join(', ')}, not "${value}".`);
    return value as T;
  }

  /** The value itself is never shown: it may hold a password. */
  url(name: string, protocols: string[], example: string): string {
    const value = this.optionalUrl(name, protocols, example);
    if (value === undefined) throw new SettingError(name, `is not set; expected ${example} (npm start sets it).`);
    return value;
  }

  optionalUrl(name: string, protocols: string[], example: string): string | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const url = URL.canParse(value) ? new URL(value) : null;
    if (!url || !protocols.includes(url.protocol) || !url.hostname)
      throw new SettingError(name, `is no address of that kind; expected ${example}.`);
    return value;
  }

  mailbox(name: string): string | undefined {
    const value = this.text(name);
    if (value === undefined || /^([^<>@\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/.test(value)) return value;
    throw new SettingError(name, `must be an address such as Plant <recalls@plant.example>, not "${value}".`);
  }

  secret(name: string, charactersMin: number): string | undefined {
    const value = this.env[name];
    if (value === undefined || value === '') return undefined;
    if (value.length < charactersMin || value !== value.trim())
      throw new SettingError(name, `must have at least ${charactersMin} characters and no space at its ends.`);
    return value;
  }

  /** Dates with commas or spaces between. */
  dates(name: string): ReadonlySet<string> {
    const dates = (this.text(name) ?? '').split(/[\s,;]+/).filter((date) => date !== '');
    for (const date of dates) {
      const ms = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(date) : NaN;
      if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, date.length) !== date)
        throw new SettingError(name, `must be dates such as 2026-12-25, with commas between, not "${date}".`);
    }
    return new Set(dates);
  }

  zone(name: string, fallback: string): string {
    const value = this.text(name);
    if (value === undefined) return fallback;
    try {
      new Intl.DateTimeFormat('en', { timeZone: value });
      return value;
    } catch {
      throw new SettingError(name, `must be a time zone of the IANA database such as Europe/Paris, not "${value}".`);
    }
  }
}

/** The version in package.json, which lies above both src/ and dist/src/. */
function readVersion(): string {
  for (const up of ['../../..', '../../../..']) {
    const path = join(__dirname, up, 'package.json');
    if (existsSync(path)) return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
  }
  return '0.0.0';
}
