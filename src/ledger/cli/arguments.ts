import { parseArgs, ParseArgsConfig } from 'node:util';

export const WRONG_COMMAND = 2;

/** The options of a command; null where they are not right, and then how it is written was said. */
export function readOptions<T extends NonNullable<ParseArgsConfig['options']>>(
  argv: string[],
  options: T,
  usage: string,
) {
  try {
    return parseArgs({ args: argv, options, allowPositionals: false }).values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}\n`);
    return null;
  }
}

/** One line on stderr that changes where a person watches, and a line at every new stage elsewhere. */
export class StageLine {
  private stage = '';

  readonly show = (stage: string, done: number, total: number | null): void => {
    const of = total === null || total === 0 ? '' : ` ${Math.min(100, Math.floor((100 * done) / total))} %`;
    if (process.stderr.isTTY) process.stderr.write(`\r${`${stage}${of}`.padEnd(60)}`);
    else if (stage !== this.stage) process.stderr.write(`${stage}${of}\n`);
    this.stage = stage;
  };

  end(): void {
    if (process.stderr.isTTY && this.stage !== '') process.stderr.write('\n');
  }
}
