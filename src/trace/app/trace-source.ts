import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { Settings } from '@/platform/config';
import { Database } from '@/platform/db';
import type { ResolvedQuestion, Source } from '../domain/question';
import { IndexHolder, IndexUnavailable } from '../resident/index-holder';
import type { Computed } from './answer';
import { ComputeOptions, computeTrace } from './compute-trace';
import { sqlView } from './sql-view';

export interface Sourced extends Computed {
  /** what answered */
  source: 'index' | 'sql';
}

/** Answers from the worker's index where it can, else from the database: the answer is the same. */
@Injectable()
export class TraceSource {
  constructor(
    private readonly db: Database,
    private readonly settings: Settings,
    private readonly index: IndexHolder,
  ) {}

  async compute(
    question: ResolvedQuestion,
    position: number,
    source: Source,
    options: ComputeOptions,
  ): Promise<Sourced> {
    if (source !== 'sql') {
      try {
        const seeds = question.seeds.map((s) => s.unitId);
        const computed = await this.index.use(
          position,
          seeds,
          (view) => computeTrace(this.db, question, view, options),
          { wait: source === 'index' },
        );
        this.index.count('index');
        return { ...computed, source: 'index' };
      } catch (error) {
        if (!(error instanceof IndexUnavailable)) throw error;
        if (source === 'index') throw new DomainError('INDEX_UNAVAILABLE', { reason: error.message });
      }
    }
    const view = await sqlView(this.db, position, question, { ...options, linksMax: this.settings.traceLinksMax });
    const computed = await computeTrace(this.db, question, view, options);
    this.index.count('sql');
    return { ...computed, source: 'sql' };
  }
}
