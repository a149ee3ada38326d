import { attachment, fileName } from './file-name';
import type { ReportModel } from './model';

const report = (item: string, lot: string): ReportModel =>
  ({
    question: { direction: 'forward' },
    suspects: [{ unit: { item, lot } }],
    trace: { digest: '9f2c1b7e5a3d' },
  }) as ReportModel;

describe('names of the files', () => {
  it('tell what they are about', () => {
    expect(fileName(report('SPICE-7', 'S-77'), 'pdf')).toBe('recall-impact_SPICE-7_S-77_9f2c1b7e.pdf');
  });

  it.each([['../../etc/passwd'], ['a/b\\c'], ['C:"x"'], ['..'], ['\r\nSet-Cookie: x'], ['x'.repeat(500)]])(
    'lead nowhere for the code %j',
    (code) => {
      const name = fileName(report('I', code), 'csv');
      expect(name).toMatch(/^recall-impact_I_[\p{L}\p{N}_-][\p{L}\p{N}._-]*_9f2c1b7e\.csv$/u);
      expect(name.length).toBeLessThan(120);
      expect(attachment(name)).not.toMatch(/[\r\n]/);
    },
  );

  it('keep other alphabets, with a plain name for old clients', () => {
    const name = fileName(report('ΛΑΔΙ', 'žluť'), 'xlsx');
    expect(name).toBe('recall-impact_ΛΑΔΙ_žluť_9f2c1b7e.xlsx');
    expect(attachment(name)).toBe(
      `attachment; filename="recall-impact_______lu__9f2c1b7e.xlsx"; filename*=UTF-8''${encodeURIComponent(name)}`,
    );
  });
});
