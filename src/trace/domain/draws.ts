/** From an event's movements and links of one input back to its draws: which quantity went into which outputs. Pure. */

/** One row of an event that used some of a unit. */
export interface UsedRow {
  quantity: bigint | null;
}

export interface ConsumedLink {
  output: number;
  from: number;
  until: number;
  quantity: bigint | null;
  slot: string | null;
}

export interface Draw {
  from: number;
  until: number;
  quantity: bigint | null;
  outputs: readonly number[];
  /** which output got how much the record cannot tell, though there are several */
  undivided?: true;
}

/**
 * The draws of one event from one input. Nearly always one row went into all the links that there are. A unit that is named
 * in several rows has links with the quantity, time and position of their row; where these do not tell the rows apart, what
 * went where is not known. `made`: the event makes some of the input as well (a lot that is worked up again): part of what
 * was drawn went back, and how much only where all did.
 */
export function drawsOf(used: readonly UsedRow[], links: readonly ConsumedLink[], made: boolean, at: number): Draw[] {
  if (links.length === 0) return used.map(({ quantity }) => ({ from: at, until: at + 1, quantity, outputs: [] }));
  const [first] = links as [ConsumedLink];
  const { from, until } = first;
  if (made) return [{ from, until, quantity: null, outputs: outputsOf(links) }];
  if (used.length <= 1) {
    return [{ from, until, quantity: used[0] ? used[0].quantity : first.quantity, outputs: outputsOf(links) }];
  }
  const rows = new Map<string, ConsumedLink[]>();
  for (const link of links) {
    const key = JSON.stringify([link.from, link.until, link.slot, String(link.quantity)]);
    const own = rows.get(key);
    if (own) own.push(link);
    else rows.set(key, [link]);
  }
  // So many rows of the event look alike, where each of them went into all of the outputs.
  const alike = (own: readonly ConsumedLink[]): number => own.length / outputsOf(own).length;
  const classes = [...rows.values()];
  const told = classes.every((own) =>
    outputsOf(own).every((o) => own.filter((l) => l.output === o).length === alike(own)),
  );
  if (told && classes.reduce((n, own) => n + alike(own), 0) === used.length) {
    return classes.map((own) => {
      const [{ from, until, quantity }] = own as [ConsumedLink];
      return { from, until, quantity: quantity && quantity * BigInt(alike(own)), outputs: outputsOf(own) };
    });
  }
  if (links.length === used.length)
    return links.map(({ from, until, quantity, output }) => ({ from, until, quantity, outputs: [output] }));
  const total = used.every((u) => u.quantity !== null) ? used.reduce((sum, u) => sum + u.quantity!, 0n) : null;
  return [{ from, until, quantity: total, outputs: outputsOf(links), undivided: true }];
}

function outputsOf(links: readonly ConsumedLink[]): number[] {
  return [...new Set(links.map((l) => l.output))];
}
