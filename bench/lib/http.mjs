/** The product over HTTP, as any client would. */
import { performance } from 'node:perf_hooks';
import { pause } from '../../scripts/lib/wait.mjs';
import { unitCode } from './plant.mjs';

const AMOUNTS_EVERY_MS = 100;

export class Product {
  constructor({ url, key }) {
    Object.assign(this, { url, key });
  }

  async call(method, path, body) {
    const response = await globalThis.fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.key}`, ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`);
    return JSON.parse(text);
  }

  /** Asks where a lot went, and waits for the counts: { ms, trace }. */
  async trace(item, unit, more = {}) {
    const began = performance.now();
    let trace = await this.call('POST', '/traces?wait=30', {
      direction: 'forward',
      seeds: [{ unit: { item, lot: unitCode(unit) } }],
      ...more,
    });
    while (trace.status === 'queued' || trace.status === 'running')
      trace = await this.call('GET', `/traces/${trace.id}?wait=30`);
    const ms = performance.now() - began;
    if (trace.status !== 'done') throw new Error(`The trace ${trace.status}: ${JSON.stringify(trace.error ?? trace)}`);
    return { ms, trace };
  }

  /** Waits for the amounts of a large answer, which come after it: how long, from now. */
  async amounts(trace) {
    const began = performance.now();
    let now = trace;
    while (now.amounts === 'pending') {
      await pause(AMOUNTS_EVERY_MS);
      now = await this.call('GET', `/traces/${trace.id}`);
    }
    return { ms: performance.now() - began, amounts: now.amounts };
  }
}
