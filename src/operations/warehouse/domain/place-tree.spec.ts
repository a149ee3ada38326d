import { inWalkingOrder, type PlaceNode, PlaceTree } from './place-tree';

const place = (placeId: number, code: string, parent: string | null): PlaceNode => ({
  placeId,
  code,
  parent,
  name: code,
  kind: 'bin',
});
const tree = new PlaceTree([
  place(1, 'SITE', null),
  place(2, 'A', 'SITE'),
  place(3, 'A10', 'A'),
  place(4, 'A2', 'A'),
  place(5, 'B', 'SITE'),
  place(6, 'B1', 'B'),
  place(7, 'OTHER', null),
]);

describe('the tree of places', () => {
  it('is walked place by place, bin 2 before bin 10', () => {
    const walk = [...tree.walk()].sort((a, b) => a[1] - b[1]).map(([id]) => tree.get(id)!.code);
    expect(walk).toEqual(['OTHER', 'SITE', 'A', 'A2', 'A10', 'B', 'B1']);
    const lines = [{ at: 6 }, { at: null }, { at: 3 }, { at: 4 }];
    expect(inWalkingOrder(tree, lines, (line) => line.at).map((line) => line.at)).toEqual([4, 3, 6, null]);
  });

  it('says what is near: the same place, the same zone, the same site, elsewhere', () => {
    expect([4, 3, 2, 6, 1, 7].map((id) => tree.distance(4, id))).toEqual([0, 1, 1, 2, 2, 3]);
  });

  it('knows what is in what', () => {
    expect(tree.within(2).map((one) => one.code)).toEqual(['A', 'A2', 'A10']);
    expect(tree.isWithin(4, 1)).toBe(true);
    expect(tree.isWithin(4, 5)).toBe(false);
    expect(tree.up(4).map((one) => one.code)).toEqual(['A2', 'A', 'SITE']);
  });
});
