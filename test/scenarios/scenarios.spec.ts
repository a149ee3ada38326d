import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SCENARIO_NAMES, ScenarioName, scenarioFiles, scenarioStory } from './index';

const bytes = (name: ScenarioName, seed: number, size: number): string => {
  const hash = createHash('sha256');
  for (const file of scenarioFiles(name, { seed, size }))
    for (const line of file.content()) hash.update(`${file.name}\n${line}`);
  return hash.digest('hex');
};
const lines = (name: ScenarioName, size: number): Map<string, string[]> =>
  new Map([...scenarioFiles(name, { seed: 7, size })].map((f) => [f.name, [...f.content()]]));

describe.each(SCENARIO_NAMES)('the plant %s', (name) => {
  it('gives the same bytes for the same seed and size, and others for another seed', () => {
    expect(bytes(name, 7, 120)).toBe(bytes(name, 7, 120));
    expect(bytes(name, 8, 120)).not.toBe(bytes(name, 7, 120));
  });

  it('grows with its size and keeps its story', () => {
    const small = lines(name, 0);
    const large = lines(name, 300);
    for (const [file, rows] of small) {
      const there = new Set(large.get(file));
      expect(rows.filter((row) => !there.has(row))).toEqual([]);
    }
    expect(large.get('builds.csv')!.length).toBeGreaterThan(small.get('builds.csv')!.length + 300);
  });

  it('has columns in every row and events with ids of their own', () => {
    const files = lines(name, 300);
    const ids = files.get('events.ndjson')!.map((line) => (JSON.parse(line) as { id: string }).id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [file, rows] of files) {
      if (file === 'events.ndjson') continue;
      const width = rows[0]!.split(',').length;
      // No cell of these plants holds a comma without quotes around it.
      expect(rows.filter((row) => row.replace(/"[^"]*"/g, '').split(',').length !== width)).toEqual([]);
    }
  });

  it('tells its story beside its answers', () => {
    const story = scenarioStory(name);
    expect(existsSync(join(__dirname, '..', '..', story.text))).toBe(true);
    for (const question of story.questions) {
      const keys = [...question.affected, ...question.excluded].map((u) => `${u.item} ${u.code}`);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });
});
