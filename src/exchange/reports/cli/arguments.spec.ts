import { readArguments, UsageError } from './arguments';

const read = (line: string) => readArguments(line.split(' '));

describe('the command line of the report', () => {
  it('asks where a lot went, and writes all files to the folder "reports", unless told otherwise', () => {
    expect(read('--item RM-100 --lot L-1')).toEqual({
      question: { direction: 'forward', seeds: [{ unit: { item: 'RM-100', lot: 'L-1' } }] },
      formats: ['pdf', 'xlsx', 'csv'],
      out: 'reports',
    });
  });

  it('takes every parameter of the question', () => {
    expect(
      read(
        '--item B --serial=-7 --at shipment --certainty certain --from 2026-03-01 --until 2026-03-02 --position 12 --format csv,pdf --out d',
      ),
    ).toEqual({
      question: {
        direction: 'forward',
        seeds: [{ unit: { item: 'B', serial: '-7' }, from: '2026-03-01', until: '2026-03-02' }],
        at: 'shipment',
        certainty: 'certain',
        ledgerPosition: 12,
      },
      formats: ['pdf', 'csv'],
      out: 'd',
    });
    expect(read('--item B --run WO-7/1 --direction backward').question.direction).toBe('backward');
  });

  it.each([
    ['--lot L-1', '--item is missing'],
    ['--item I', 'one of --lot, --serial and --run'],
    ['--item I --lot L --serial S', 'one of --lot, --serial and --run'],
    ['--item I --lot L --direction sideways', '--direction is one of forward, backward'],
    ['--item I --lot L --format docx', '--format is one of pdf, xlsx, csv'],
    ['--item I --lot L --position now', '--position is a whole number'],
    ['--item I --lot L --direction backward --at shipment', '--at belongs to the direction forward'],
    ['--item I --lot L --colour red', "Unknown option '--colour'"],
    ['--item I --lot', 'argument missing'],
  ])('refuses %j, says why and what is right', (line, reason) => {
    expect(() => read(line)).toThrow(UsageError);
    expect(() => read(line)).toThrow(reason);
    expect(() => read(line)).toThrow('report --item ITEM');
  });
});
