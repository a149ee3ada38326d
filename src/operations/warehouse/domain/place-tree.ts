/** The tree of places: who is in whom, what is near, and in which order one walks. Pure. */

export interface PlaceNode {
  placeId: number;
  code: string;
  name: string;
  kind: string;
  /** the parent's code */
  parent: string | null;
}

const byCode = new Intl.Collator('en', { numeric: true });

export class PlaceTree<P extends PlaceNode = PlaceNode> {
  private readonly byId: ReadonlyMap<number, P>;
  private readonly byCode: ReadonlyMap<string, P>;
  private readonly children = new Map<string | null, P[]>();
  private order: ReadonlyMap<number, number> | undefined;

  constructor(places: readonly P[]) {
    this.byId = new Map(places.map((place) => [place.placeId, place]));
    this.byCode = new Map(places.map((place) => [place.code, place]));
    for (const place of [...places].sort((a, b) => byCode.compare(a.code, b.code))) {
      const above = place.parent !== null && this.byCode.has(place.parent) ? place.parent : null;
      this.children.set(above, [...(this.children.get(above) ?? []), place]);
    }
  }

  get(placeId: number): P | undefined {
    return this.byId.get(placeId);
  }

  named(code: string): P | undefined {
    return this.byCode.get(code);
  }

  below(code: string | null): readonly P[] {
    return this.children.get(code) ?? [];
  }

  /** The place and all above it, the nearest first. */
  up(placeId: number): P[] {
    const path: P[] = [];
    for (let at = this.byId.get(placeId); at; at = at.parent === null ? undefined : this.byCode.get(at.parent))
      path.push(at);
    return path;
  }

  /** True when the place is `above`, or anywhere below it. */
  isWithin(placeId: number, above: number): boolean {
    return this.up(placeId).some((place) => place.placeId === above);
  }

  /** The place and everything below it. */
  within(placeId: number): P[] {
    const top = this.byId.get(placeId);
    return top ? [top, ...this.below(top.code).flatMap((child) => this.within(child.placeId))] : [];
  }

  /** Where each place comes on a walk through the whole tree: a place before what is in it, bin 2 before bin 10. */
  walk(): ReadonlyMap<number, number> {
    if (this.order) return this.order;
    const order = new Map<number, number>();
    const visit = (place: P): void => {
      order.set(place.placeId, order.size);
      this.below(place.code).forEach(visit);
    };
    this.below(null).forEach(visit);
    return (this.order = order);
  }

  /** How many levels one goes up from `near` until the place is below: 0 the same place, 1 in the same zone, and so on; null is nowhere near. */
  distance(near: number, placeId: number): number {
    const path = this.up(near).map((place) => place.placeId);
    const other = this.up(placeId);
    for (const [levels, above] of path.entries()) if (other.some((place) => place.placeId === above)) return levels;
    return path.length;
  }
}

/** In the order of walking from place to place; what has no place comes last. */
export function inWalkingOrder<T>(tree: PlaceTree, lines: readonly T[], placeOf: (line: T) => number | null): T[] {
  const order = tree.walk();
  const rank = (line: T): number => {
    const placeId = placeOf(line);
    return placeId === null ? Infinity : (order.get(placeId) ?? Infinity);
  };
  return lines
    .map((line, index) => ({ line, index, at: rank(line) }))
    .sort((a, b) => (a.at === b.at ? a.index - b.index : a.at - b.at))
    .map(({ line }) => line);
}
