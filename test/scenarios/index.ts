/**
 * Two plants as files that anyone could have: a maker of e-bikes and a sausage kitchen. A seeded generator writes them at any size
 * (`size`: bikes, or batters); the same seed and size give the same bytes. Each holds one story with a fixed small cast, whose right
 * answers are worked out by hand (STORY.md in each folder) and exported as data.
 */
import { bikeStoryAnswers } from './bikes/answers';
import { bikeBackground } from './bikes/background';
import { bikeMaster } from './bikes/master';
import { bikeStory } from './bikes/story-records';
import { Entry, FILE_NAMES, FileName, headerLine, line } from './records';
import { sausageStoryAnswers } from './sausages/answers';
import { sausageBackground } from './sausages/background';
import { sausageMaster } from './sausages/master';
import { sausageStory } from './sausages/story-records';
import type { Story } from './story';

export type { StoryQuestion } from './story';

export type ScenarioName = 'bikes' | 'sausages';
export const SCENARIO_NAMES: ScenarioName[] = ['bikes', 'sausages'];

export interface ScenarioOptions {
  seed: number;
  /** how many bikes or batters beside the story; 0 = the story alone */
  size: number;
}

export interface ScenarioFile {
  name: FileName;
  /** The text, line by line; each call starts again. */
  content(): Iterable<string>;
}

const PLANTS: Record<ScenarioName, { entries(o: ScenarioOptions): Iterable<Entry>; story: Story }> = {
  bikes: {
    *entries({ seed, size }) {
      yield* bikeMaster();
      yield* bikeStory();
      yield* bikeBackground(seed, size);
    },
    story: bikeStoryAnswers,
  },
  sausages: {
    *entries({ seed, size }) {
      yield* sausageMaster();
      yield* sausageStory();
      yield* sausageBackground(seed, size);
    },
    story: sausageStoryAnswers,
  },
};

export function scenarioStory(name: ScenarioName): Story {
  return PLANTS[name].story;
}

/** The plant's files. Each file's text is generated anew while it is read, so that a plant of any size fits into memory. */
export function* scenarioFiles(name: ScenarioName, options: ScenarioOptions): Iterable<ScenarioFile> {
  for (const file of FILE_NAMES) yield { name: file, content: () => text(name, file, options) };
}

function* text(name: ScenarioName, file: FileName, options: ScenarioOptions): Iterable<string> {
  const header = headerLine(file);
  if (header) yield header;
  for (const entry of PLANTS[name].entries(options)) if (entry.file === file) yield line(entry);
}
