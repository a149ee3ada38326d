import { Dispersion, PlantDispersion } from '../engine';
import type { Plant, PlantOptions } from './plant-at';

/** What a recall of each lot would touch, column by column, in the order of `plant.lots`. */
export type LotColumns = Record<keyof Dispersion, Int32Array>;

/** The size of a recall is the number of finished units that it touches. */
export interface RecallSizes {
  lots: number;
  worst: number;
  mean: number | null;
  median: number | null;
  worstUnitId: number | null;
}

/** Other jobs of the process get their turn this often; a walk is not interrupted. */
const SLICE_MS = 5;

/** Walks from every lot of the plant. */
export async function measureLots(plant: Plant, { signal, progress }: PlantOptions): Promise<LotColumns> {
  const { lots } = plant;
  const column = () => new Int32Array(lots.length);
  const columns: LotColumns = {
    units: column(),
    finished: column(),
    customers: column(),
    downward: column(),
    upward: column(),
  };
  const names = Object.keys(columns) as (keyof Dispersion)[];
  const dispersion = new PlantDispersion(plant.graph, plant.units);
  const found: Dispersion = { units: 0, finished: 0, customers: 0, downward: 0, upward: 0 };
  let sliceEnds = 0;
  for (let n = 0; n < lots.length; n++) {
    if (performance.now() >= sliceEnds) {
      progress?.('lots', n, lots.length);
      await new Promise<void>((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      sliceEnds = performance.now() + SLICE_MS;
    }
    dispersion.of(lots[n]!, found);
    for (const name of names) columns[name][n] = found[name];
  }
  return columns;
}

export function recallSizes(plant: Plant, { finished }: LotColumns): RecallSizes {
  const lots = finished.length;
  if (lots === 0) return { lots, worst: 0, mean: null, median: null, worstUnitId: null };
  let sum = 0;
  let worstAt = 0;
  for (let n = 0; n < lots; n++) {
    sum += finished[n]!;
    if (finished[n]! > finished[worstAt]!) worstAt = n;
  }
  const sorted = finished.slice().sort();
  const [low, high] = [sorted[(lots - 1) >> 1]!, sorted[lots >> 1]!];
  return {
    lots,
    worst: finished[worstAt]!,
    mean: sum / lots,
    median: (low + high) / 2,
    worstUnitId: plant.lots[worstAt]!,
  };
}
