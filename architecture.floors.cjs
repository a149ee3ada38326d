/**
 * The floors of the house, from the bottom up, and which rooms of one floor may know each other. The rules of
 * dependency-cruiser are made from this table alone; docs/ARCHITECTURE.md says why they are so.
 *
 * `rooms: false`: the floor is one room. `peers`: a room of the floor → the rooms beside it that it may import.
 */
module.exports = {
  floors: [
    { name: 'kernel', rooms: false },
    {
      name: 'platform',
      rooms: true,
      peers: {
        db: ['config'],
        commands: ['db'],
        jobs: ['config', 'db'],
        outbox: ['db', 'jobs'],
        http: ['config', 'db'],
        auth: ['db', 'http'],
        audit: ['auth', 'db', 'http'],
        files: ['db'],
        mail: ['config'],
        health: ['auth', 'config', 'db', 'jobs', 'outbox'],
      },
    },
    {
      name: 'reference',
      rooms: true,
      // master: how master data is put, versioned and listed, the same for all of it
      peers: { catalog: ['master'], places: ['master'], partners: ['master'] },
    },
    { name: 'ledger', rooms: false },
    {
      name: 'operations',
      rooms: true,
      // instructions: what must be told at a scan; holds: what may not move on. Both serve whoever scans.
      peers: {
        scan: ['instructions'],
        warehouse: ['instructions', 'holds'],
        production: ['instructions', 'holds', 'warehouse'],
        trade: ['instructions', 'holds', 'warehouse'],
      },
    },
    { name: 'trace', rooms: false },
    {
      name: 'quality',
      rooms: true,
      // recalls: the case, its scope and what is stopped; notices tell those who have the rest, accounts add it all up
      peers: { notices: ['recalls'], accounts: ['recalls', 'notices'] },
    },
    {
      name: 'exchange',
      rooms: true,
      // demo: plants to look at come in as anyone's files do
      peers: { demo: ['interchange'] },
    },
  ],
  /** Put the rooms together; nothing imports them. */
  roots: ['main.ts', 'worker.ts', 'cli.ts', 'app.module.ts', 'worker.module.ts'],
  /** Pure rooms inside rooms: the kernel is all they import, and what else is as pure as they are. */
  pure: [
    { name: 'domain', room: '(.+)/domain', may: ['^src/trace/engine/index', '^src/reference/master/index'] },
    { name: 'engine', room: 'trace/engine', may: [] },
  ],
  /** What of Node the kernel and the pure rooms may use: hashes depend on nothing but their input. */
  pureOfNode: ['crypto'],
};
