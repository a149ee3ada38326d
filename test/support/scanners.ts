/** Scanners at work: each does one thing after the other and sends it again, as it was, until it has been acknowledged. */
import { randomUUID } from 'node:crypto';
import { waitFor } from './wait';

export interface Plant {
  url: string;
  apiKey: string;
}

type Event = { id: string; type: string; at: string } & Record<string, unknown>;

/** What was acknowledged, and what was refused though it should not have been. */
export class Scanners {
  readonly acknowledged: string[] = [];
  readonly refused: unknown[] = [];
  /** bikes built, each with its battery and one screw of the shared lot */
  readonly built: string[] = [];
  retries = 0;
  private stopped = false;
  private running: Promise<void>[] = [];

  constructor(private readonly plant: () => Plant) {}

  start(count: number): void {
    for (let n = 0; n < count; n++) this.running.push(this.scanner(n));
  }

  /** Lets each finish what it is at: an event that was sent is sent until it is acknowledged. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.running);
  }

  private async scanner(n: number): Promise<void> {
    for (let k = 0; !this.stopped; k++) {
      const name = `${n}-${k}`;
      const battery = { item: 'BAT', serial: `B-${name}` };
      const bike = { item: 'BIKE', serial: `F-${name}` };
      const at = () => new Date().toISOString();
      await this.send({ id: randomUUID(), type: 'receive', at: at(), place: 'PLANT', supplier: 'ACME', unit: battery });
      await this.send({
        id: randomUUID(),
        type: 'produce',
        at: at(),
        place: 'PLANT',
        outputs: [{ unit: bike }],
        inputs: [{ unit: battery }, { unit: { item: 'SCREW', lot: 'S-1' }, quantity: { value: '1', uom: 'pcs' } }],
      });
      this.built.push(bike.serial);
      await this.send({
        id: randomUUID(),
        type: 'ship',
        at: at(),
        place: 'PLANT',
        customer: 'VELO',
        shipment: `SH-${n}`,
        units: [{ unit: bike }],
      });
    }
  }

  /** Only an answer is an answer: whatever else happens, the same event goes out again. */
  private async send(event: Event): Promise<void> {
    await waitFor(
      async () => {
        const answer = await fetch(`${this.plant().url}/api/v1/events?check=live`, {
          method: 'POST',
          headers: { authorization: `Bearer ${this.plant().apiKey}`, 'content-type': 'application/json' },
          body: JSON.stringify([event]),
        }).catch(() => undefined);
        if (answer === undefined || answer.status >= 500) {
          this.retries++;
          return false;
        }
        const body: unknown = await answer.json();
        if (answer.status === 200) this.acknowledged.push(event.id);
        else this.refused.push({ event, body });
        return true;
      },
      { what: `${event.type} to be acknowledged`, withinMs: 90_000, everyMs: 100 },
    );
  }
}
