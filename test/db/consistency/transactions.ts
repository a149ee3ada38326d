/**
 * Random transactions as the ledger writes them: INSERTs into the facts by the application's role, and a batch for each
 * transaction. They are run by procedures in the database, so that a hundred thousand take seconds and not an hour.
 */

/** Units belong to families (items), so that a trace reaches hundreds of them and not all. */
export const FAMILY_UNITS = 500;

/** How many events, links and movements a transaction adds is up to chance; about 1.5 links each in the mean. */
export const SETUP = `
CREATE FUNCTION random_of(low bigint, high bigint) RETURNS bigint LANGUAGE sql VOLATILE AS $$
  SELECT low + floor(random() * (high - low + 1))::bigint $$;

-- A unit of the family, new (with its making, most times) or one that is there.
CREATE FUNCTION random_unit(family int, batch bigint, event bigint, made bigint, fresh float) RETURNS int LANGUAGE plpgsql VOLATILE AS $$
DECLARE found int; wanted text := substr(md5(random()::text), 1, 12);
BEGIN
  IF random() >= fresh THEN
    SELECT u.unit_id INTO found FROM unit u WHERE u.item_id = family AND u.code >= wanted ORDER BY u.item_id, u.code LIMIT 1;
  END IF;
  IF found IS NULL THEN
    INSERT INTO unit (batch_id, item_id, kind, code) VALUES (batch, family, (ARRAY['serial', 'lot'])[random_of(1, 2)], wanted) RETURNING unit_id INTO found;
    IF random() < 0.9 THEN
      INSERT INTO movement (batch_id, event_id, unit_id, role, at_from, at_until, quantity, place_id)
        VALUES (batch, event, found, 'made', made, made + 1, 1, random_of(1, 5));
    END IF;
  END IF;
  RETURN found;
END $$;

-- An event of one of the kinds; times are of one day, and many are equal or out of order.
CREATE FUNCTION random_event(writer int, writers int, families int, batch bigint) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  event bigint; old bigint; input int; output int; choice float := random(); family int := random_of(1, families);
  at bigint := 1767600000000 + random_of(0, 86400) * 1000; width bigint := CASE WHEN random() < 0.05 THEN 3600000 ELSE 1 END;
  after_event bigint; l record;
BEGIN
  INSERT INTO event (batch_id, source, client_id, type, at_from, at_until, body, sha256)
    VALUES (batch, 'w' || writer, gen_random_uuid()::text, 'produce', at, at + width, '{}', sha256(random()::text::bytea)) RETURNING event_id INTO event;
  IF choice < 0.55 THEN
    -- something is made of one to three inputs
    output := random_unit(family, batch, event, at, 0.55);
    FOR i IN 1..random_of(1, 3) LOOP
      input := random_unit(family, batch, event, at - 1000 * random_of(0, 9000), 0.15);
      CONTINUE WHEN input = output;
      INSERT INTO link (batch_id, event_id, input, output, mode, certain, from_ms, stated_until_ms, sure_from_ms, quantity)
        VALUES (batch, event, input, output, 0, random() < 0.9, at, at + width, CASE WHEN width > 1 THEN at + width - 1 END, random_of(1, 9));
      INSERT INTO movement (batch_id, event_id, unit_id, role, at_from, at_until, quantity, place_id)
        VALUES (batch, event, input, 'used', at, at + width, 1, random_of(1, 5));
    END LOOP;
  ELSIF choice < 0.75 THEN
    -- something is built in
    input := random_unit(family, batch, event, at, 0.4);
    output := random_unit(family, batch, event, at, 0.2);
    IF input <> output THEN
      INSERT INTO link (batch_id, event_id, input, output, mode, certain, from_ms, stated_until_ms, quantity)
        VALUES (batch, event, input, output, 1, random() < 0.9, at, CASE WHEN random() < 0.1 THEN at + 1000 * random_of(1, 5000) END, 1);
      INSERT INTO movement (batch_id, event_id, unit_id, role, at_from, at_until, quantity, place_id)
        VALUES (batch, event, input, 'installed', at, at + 1, 1, random_of(1, 5));
    END IF;
  ELSIF choice < 0.85 THEN
    -- it leaves, or was made at another time than was known
    INSERT INTO movement (batch_id, event_id, unit_id, role, at_from, at_until, quantity, place_id, partner_id, document)
      VALUES (batch, event, random_unit(family, batch, event, at, 0), CASE WHEN random() < 0.6 THEN 'shipped' ELSE 'made' END, at, at + width, 1,
              random_of(1, 5), random_of(1, 5), 'D' || random_of(1, 99));
  ELSE
    -- An older event: whoever's it was, one writer alone changes what hangs on it, as the locks of the units see to.
    after_event := random_of(greatest(0, event - 20000), event - 1);
    SELECT e.event_id INTO old FROM event e WHERE e.event_id >= after_event AND e.event_id % writers = writer
      AND NOT EXISTS (SELECT FROM event_void v WHERE v.event_id = e.event_id) ORDER BY e.event_id LIMIT 1;
    IF old IS NULL OR old = event THEN RETURN; END IF;
    IF choice < 0.90 THEN
      INSERT INTO event_void (event_id, by_event_id, batch_id, reason) VALUES (old, event, batch, 'by chance');
      INSERT INTO link_end (link_id, batch_id, cause) SELECT link_id, batch, 'voided' FROM link WHERE event_id = old;
    ELSE
      FOR l IN SELECT link_id, from_ms FROM link WHERE event_id = old AND mode = 1 LOOP
        INSERT INTO link_end (link_id, batch_id, cause, from_ms, until_ms, sure_until_ms, maybe_until_ms)
          SELECT l.link_id, batch, c, CASE WHEN c = 'orphan' AND random() < 0.5 THEN l.from_ms - 1000 END,
                 CASE WHEN c NOT IN ('reopened', 'matched') THEN u END, CASE WHEN c = 'removed' AND random() < 0.2 THEN u - 500 END,
                 CASE WHEN c = 'implied' AND random() < 0.5 THEN u + 1000 * random_of(0, 900) END
            FROM (SELECT (ARRAY['removed', 'removed', 'implied', 'reopened', 'orphan', 'matched'])[random_of(1, 6)] AS c,
                         l.from_ms + 1000 * random_of(1, 9000) AS u) x;
      END LOOP;
    END IF;
  END IF;
END $$;

-- What one transaction does: a batch, some events, and now and then a savepoint that it goes back to.
CREATE FUNCTION random_facts(writer int, writers int, families int) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE batch bigint := ledger_open_batch('w' || writer, 'w' || writer, NULL);
BEGIN
  FOR i IN 1..CASE WHEN random() < 0.7 THEN 1 ELSE random_of(2, 3) END LOOP
    IF random() < 0.1 THEN
      BEGIN
        PERFORM random_event(writer, writers, families, batch);
        RAISE EXCEPTION 'back to the savepoint';
      EXCEPTION WHEN raise_exception THEN NULL;
      END;
    END IF;
    PERFORM random_event(writer, writers, families, batch);
  END LOOP;
END $$;

-- Many transactions in one call; one in ten is rolled back.
CREATE PROCEDURE random_transactions(writer int, writers int, families int, count int) LANGUAGE plpgsql AS $$
BEGIN
  FOR i IN 1..count LOOP
    PERFORM random_facts(writer, writers, families);
    IF random() < 0.1 THEN ROLLBACK; ELSE COMMIT; END IF;
  END LOOP;
END $$;`;

export function masterData(families: number): string {
  return `
    INSERT INTO item (code, name, tracking, uom) SELECT 'F' || n, 'Family ' || n, 'lot', 'pcs' FROM generate_series(1, ${families}) n;
    INSERT INTO place (code, name, kind) SELECT 'P' || n, 'Place ' || n, 'zone' FROM generate_series(1, 5) n;
    INSERT INTO partner (code, name, kind) SELECT 'C' || n, 'Customer ' || n, 'customer' FROM generate_series(1, 5) n;`;
}
