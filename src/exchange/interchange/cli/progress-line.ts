import type { RunProgress } from '../app/run-import';

/** Progress on stderr: one line that changes where a person watches, else a line at every tenth. */
export class ProgressLine {
  private tenth = -1;
  private shown = false;

  readonly show = ({ done, total, file }: RunProgress): void => {
    const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
    const text = `${String(percent).padStart(3)} %  ${done} of ${total} rows  ${file}`;
    if (process.stderr.isTTY) {
      process.stderr.write(`\r${text.padEnd(70)}`);
      this.shown = true;
      return;
    }
    const tenth = Math.floor(percent / 10);
    if (tenth === this.tenth) return;
    this.tenth = tenth;
    process.stderr.write(`${text}\n`);
  };

  end(): void {
    if (this.shown) process.stderr.write('\n');
  }
}
