// Made from architecture.floors.cjs: change the table, not the rules.
const { floors, roots, pure, pureOfNode } = require('./architecture.floors.cjs');

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const anyOf = (names) => `(?:${names.map(escape).join('|')})`;
// Tests stand beside what they test and may look behind doors.
const ofNode = `^(?:node:)?${anyOf(pureOfNode)}$`;
const noSpec = '\\.spec\\.ts$';

/** A lower floor knows nothing of a higher one. */
const downwards = floors.slice(0, -1).map((floor, index) => ({
  name: `floor-${floor.name}-imports-down`,
  comment: `${floor.name} may not import the floors above it.`,
  severity: 'error',
  from: { path: `^src/${floor.name}/`, pathNot: noSpec },
  to: { path: `^src/${anyOf(floors.slice(index + 1).map((above) => above.name))}/` },
}));

/** Rooms of one floor know each other only where the table says so. */
const peers = floors
  .filter((floor) => floor.rooms)
  .flatMap((floor) => {
    const listed = Object.entries(floor.peers);
    const others = {
      name: `peers-of-${floor.name}`,
      comment: `Rooms of ${floor.name} know each other only where architecture.floors.cjs lists them.`,
      severity: 'error',
      from: {
        path: `^src/${floor.name}/([^/]+)/`,
        pathNot: [noSpec, ...listed.map(([room]) => `^src/${floor.name}/${escape(room)}/`)],
      },
      to: { path: `^src/${floor.name}/[^/]+/`, pathNot: `^src/${floor.name}/$1/` },
    };
    return [
      others,
      ...listed.map(([room, known]) => ({
        ...others,
        name: `peers-of-${floor.name}-${room}`,
        from: { path: `^src/${floor.name}/${escape(room)}/`, pathNot: noSpec },
        to: { path: `^src/${floor.name}/[^/]+/`, pathNot: `^src/${floor.name}/${anyOf([room, ...known])}/` },
      })),
    ];
  });

/** A room is entered by its index.ts alone. */
const doors = floors.flatMap(({ name, rooms }) => {
  const room = rooms ? `src/${name}/[^/]+` : `src/${name}`;
  const door = (from, inside) => ({
    name: `door-of-${name}`,
    comment: "Import the room's index.ts, never a file behind it.",
    severity: 'error',
    from: { path: from, pathNot: [noSpec, ...(rooms ? [] : [`^${room}/`])] },
    to: { path: `^${room}/.+`, pathNot: [`^${room}/index\\.ts$`, ...inside] },
  });
  if (!rooms) return [door('^src/', [])];
  return [door('^src/([^/]+)/([^/]+)/', ['^src/$1/$2/']), door(['^src/[^/]+$', '^src/[^/]+/[^/]+$'], [])];
});

module.exports = {
  forbidden: [
    ...downwards,
    ...peers,
    ...doors,
    {
      name: 'kernel-imports-nothing',
      comment: 'The kernel is pure TypeScript.',
      severity: 'error',
      from: { path: '^src/kernel/', pathNot: noSpec },
      to: { pathNot: ['^src/kernel/', ofNode] },
    },
    ...pure.map(({ name, room, may }) => ({
      name: `pure-${name}`,
      comment: 'Pure rules import the kernel and each other, and nothing else.',
      severity: 'error',
      from: { path: `^src/${room}/`, pathNot: noSpec },
      // `(…)` of the room that imports is $1 here: the rules of another room are behind its door.
      to: { pathNot: ['^src/kernel/', ofNode, ...may, `^src/${room.replace(/\(.*\)/, '$$1')}/`] },
    })),
    {
      name: 'nothing-imports-a-root',
      comment: 'Composition roots put the rooms together; no room knows them.',
      severity: 'error',
      from: { path: '^src/.+/' },
      to: { path: `^src/${anyOf(roots)}$` },
    },
    {
      name: 'server-and-console-apart',
      comment: 'The console knows the server by its HTTP interface alone, and the server knows nothing of the console.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^web/' },
    },
    {
      name: 'console-and-server-apart',
      comment: 'The console knows the server by its HTTP interface alone.',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^src/' },
    },
    {
      name: 'no-test-code-in-the-product',
      comment: 'The demo plants are shipped; the rest of test/ is not.',
      severity: 'error',
      from: { path: '^src/', pathNot: noSpec },
      to: { path: '^test/', pathNot: '^test/scenarios/' },
    },
    {
      name: 'no-circles',
      comment: 'Two files that need each other are one file, or need a third.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'installed-for-the-product',
      comment: 'What the product runs on stands under dependencies, not devDependencies, and in package.json at all.',
      severity: 'error',
      from: { path: '^src/', pathNot: noSpec },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      // The console has an alias of its own, and its compiler says the same of it.
      from: { pathNot: '^web/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['require', 'node', 'import', 'default'] },
  },
};
