/** LadybugDB, on disk with all of it in its buffers: shortest paths of any length, which visit every node once. */
import { join } from 'node:path';
import ladybug from '@ladybugdb/core';

const BUFFER_BYTES = 6 * 2 ** 30;
/** Its longest path has to be named: longer than the deep plant is. */
const DEPTH_MAX = 3_000;

export async function open({ folder, links, units, cores }) {
  const db = new ladybug.Database(join(folder, 'ladybug'), BUFFER_BYTES);
  const connection = new ladybug.Connection(db, cores);
  const rows = async (cypher) => (await connection.query(cypher)).getAll();
  await rows('CREATE NODE TABLE Unit (id INT64 PRIMARY KEY)');
  await rows('CREATE REL TABLE LINK (FROM Unit TO Unit)');
  await rows(`COPY Unit FROM '${units}'`);
  await rows(`COPY LINK FROM '${links}'`);
  await rows(`CALL var_length_extend_max_depth = ${DEPTH_MAX}`);
  const match = (seed) => `MATCH (s:Unit {id: ${Number(seed)}})-[:LINK* SHORTEST 1..${DEPTH_MAX}]->(u:Unit)`;
  return {
    version: ladybug.VERSION,
    // A path of one link at least: the seed is added.
    count: async (_, seed) => 1 + Number((await rows(`${match(seed)} RETURN count(*) AS count`))[0].count),
    ids: async (_, seed) => [
      Number(seed),
      ...(await rows(`${match(seed)} RETURN u.id AS id`)).map(({ id }) => Number(id)),
    ],
  };
}
