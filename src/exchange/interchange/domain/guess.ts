/** What a stranger's table most likely is: its kind, and which of its columns is which of ours. A person looks before it counts. */
import { COLUMNS, CsvKind } from './files';
import { readDate } from './dates';
import { Mapping, normalHeader } from './mapping';
import type { Cell } from './record';

/** What plants and their systems call things, beside our own names: English, German, French, SAP. */
const NAMES: Record<string, string> = {
  at: 'date time datetime timestamp posting_date document_date event_time datum uhrzeit zeitpunkt buchungsdatum belegdatum budat date_heure heure when happened_at',
  item: 'item_no item_number item_code part part_no part_number material material_number materialnummer matnr artikel artikelnummer artikel_nr teilenummer sku product produkt article reference ref_article',
  code: 'lot batch lot_no lot_number batch_no batch_number charge chargennummer charg serial serial_no serial_number seriennummer sernr lot_serial numero_de_lot numero_de_serie barcode',
  quantity: 'qty amount menge anzahl stueck stück erfmg menge_in_erfme quantite quantité pieces count counted',
  uom: 'unit unit_of_measure einheit mengeneinheit me meins erfme unite unité basismengeneinheit',
  place: 'location storage_location site plant lager lagerort lagerplatz werk lgort emplacement lieu bin warehouse',
  supplier: 'vendor supplier_no supplier_number lieferant kreditor lifnr fournisseur',
  supplier_lot: 'vendor_lot vendor_batch supplier_batch lieferantencharge licha lot_fournisseur',
  purchase_order: 'po po_number purchase_order_no bestellung bestellnummer ebeln commande',
  expires:
    'expiry expiry_date expiration best_before mhd vfdat verfallsdatum haltbar_bis shelf_life_date dlc ddm use_by',
  customer: 'customer_no kunde kundennummer kunnr client ship_to debitor',
  shipment:
    'delivery delivery_no delivery_number delivery_note lieferung lieferschein lieferscheinnummer vbeln bon_de_livraison',
  sales_order: 'so so_number order_number auftrag kundenauftrag verkaufsauftrag',
  name: 'description bezeichnung beschreibung maktx designation désignation libelle title text',
  tracking: 'tracked_by traceability verfolgung',
  gtin: 'ean upc ean13 barcode',
  category: 'group material_group warengruppe kategorie categorie',
  to: 'destination to_location target nach ziel zielort zielplatz vers',
  from: 'source from_location origin von quelle von_lagerort de',
  reason: 'grund ursache motif cause scrap_reason',
  condition: 'zustand state etat état',
  characteristic: 'test check parameter merkmal pruefmerkmal prüfmerkmal caracteristique',
  result: 'verdict outcome ergebnis bewertung resultat résultat pass_fail ok_nok',
  measured: 'value measured_value messwert istwert valeur mesure',
  limit_low: 'min minimum lower_limit usl_min untergrenze toleranz_min',
  limit_high: 'max maximum upper_limit obergrenze toleranz_max',
  output_item: 'finished_item product parent_item fertigprodukt endprodukt baugruppe assembly parent_part',
  output_code: 'finished_serial finished_lot parent_serial output_lot output_serial endprodukt_seriennummer parent_lot',
  input_item: 'component component_item child_item komponente child_part material',
  input_code: 'component_lot component_serial component_batch child_serial child_lot charge komponente_charge',
  output_quantity: 'yield produced_quantity gutmenge',
  work_order: 'wo order production_order fertigungsauftrag auftragsnummer aufnr ordre_de_fabrication',
  work_center: 'machine line arbeitsplatz maschine linie poste',
  operator: 'user worker bediener mitarbeiter benutzer operateur',
  shift: 'schicht equipe',
  tool: 'werkzeug outil',
  note: 'comment remark bemerkung kommentar notiz remarque',
  component: 'component_item child komponente material',
  revision: 'rev version stand aenderungsstand',
  position: 'pos slot reference_designator ref_des designator einbauplatz',
  parent: 'above parent_place uebergeordnet',
  kind: 'type art typ',
  partner: 'code number partner_no business_partner',
  pallet: 'container sscc hu handling_unit palette',
  container: 'sscc pallet hu handling_unit palette',
  line: 'position line_no pos',
  made_at: 'made manufactured production_date made_on herstelldatum fabriqué date_de_fabrication',
  deliver_to: 'ship_to_place delivery_place lieferort',
  ref: 'reference_no complaint ncr qn meldung',
  action: 'packing pack_unpack aktion',
  due: 'due_date delivery_date liefertermin termin',
};

export interface Guess extends Mapping {
  /** 0 to 1: the share of the required columns that were found, and how well */
  likeness: number;
}

/** The best reading of a table by its name, its headers and its first rows; null where nothing fits. */
export function guessMapping(
  name: string,
  headers: readonly string[],
  rows: readonly (readonly Cell[])[],
): Guess | null {
  let best: Guess | null = null;
  for (const kind of Object.keys(COLUMNS) as CsvKind[]) {
    const guess = guessKind(kind, headers);
    const named = normalHeader(name).includes(kind) ? 0.3 : 0;
    if (guess && (!best || guess.likeness + named > best.likeness))
      best = { ...guess, likeness: guess.likeness + named };
  }
  if (!best || best.likeness < 0.4) return null;
  return { ...best, ...habits(best, headers, rows), likeness: Math.min(1, best.likeness) };
}

/** The columns of one kind among these headers, each header used once, the likeliest pairs first. */
export function guessKind(kind: CsvKind, headers: readonly string[]): Guess | null {
  const { required, optional } = COLUMNS[kind];
  const pairs = [...required, ...optional].flatMap((column) =>
    headers.flatMap((header) => {
      const likeness = likenessOf(column, header);
      return likeness > 0.6 ? [{ column, header, likeness }] : [];
    }),
  );
  pairs.sort((a, b) => b.likeness - a.likeness);
  const columns: Record<string, string> = {};
  const used = new Set<string>();
  let sum = 0;
  let more = 0;
  for (const { column, header, likeness } of pairs) {
    if (columns[column] !== undefined || used.has(header)) continue;
    columns[column] = header;
    used.add(header);
    if (required.includes(column)) sum += likeness;
    else more += likeness;
  }
  if (used.size === 0) return null;
  // Of two kinds that are there whole, the one that asks for more is meant.
  return { kind, columns, likeness: sum / required.length + 0.03 * sum + Math.min(0.2, more * 0.02) };
}

function likenessOf(column: string, header: string): number {
  const name = plain(header);
  if (name === '') return 0;
  if (name === plain(column)) return 1;
  const others = (NAMES[column] ?? '').split(' ').map(plain);
  if (others.includes(name)) return 0.95 - others.indexOf(name) * 0.001;
  const best = Math.max(...[plain(column), ...others].map((other) => alike(name, other)));
  return best > 0.75 ? best * 0.85 : 0;
}

const plain = (name: string) =>
  normalHeader(name)
    .normalize('NFD')
    .replace(/[^a-z0-9]/g, '');

/** 1 minus the share of letters that differ. */
function alike(a: string, b: string): number {
  if (a.length < 4 || b.length < 4) return 0;
  const before = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    let corner = before[0]!;
    before[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const kept = before[j]!;
      before[j] = Math.min(kept + 1, before[j - 1]! + 1, corner + (a[i - 1] === b[j - 1] ? 0 : 1));
      corner = kept;
    }
  }
  return 1 - before[b.length]! / Math.max(a.length, b.length);
}

const DATE_FORMATS = [
  'DD.MM.YYYY HH:mm:ss',
  'DD.MM.YYYY HH:mm',
  'DD/MM/YYYY HH:mm:ss',
  'DD/MM/YYYY HH:mm',
  'MM/DD/YYYY HH:mm:ss',
  'MM/DD/YYYY HH:mm',
  'MM/DD/YYYY hh:mm A',
  'YYYY/MM/DD HH:mm',
  'DD-MM-YYYY HH:mm',
  'DD.MM.YY HH:mm',
  'YYYYMMDD',
];

/** How dates and numbers are written, where the first rows tell. */
function habits(guess: Guess, headers: readonly string[], rows: readonly (readonly Cell[])[]): Partial<Mapping> {
  const said = (column: string): string[] => {
    const index = headers.indexOf(guess.columns[column] ?? '');
    return rows.flatMap((row) => {
      const cell = index < 0 ? undefined : row[index];
      return typeof cell === 'string' && cell.trim() !== '' ? [cell.trim()] : [];
    });
  };
  const dates = [...said('at'), ...said('expires'), ...said('effective_from')];
  const isRead = (date: string, dateFormat?: string) => {
    const read = readDate(date, dateFormat === undefined ? {} : { dateFormat });
    return 'text' in read && /^\d{4}-\d{2}-\d{2}/.test(read.text);
  };
  const foreign = dates.filter((date) => !isRead(date));
  const dateFormat =
    foreign.length > 0 ? DATE_FORMATS.find((f) => foreign.every((date) => isRead(date, f))) : undefined;
  const numbers = ['quantity', 'output_quantity', 'measured'].flatMap(said);
  const decimalComma = numbers.some((n) => /^\d[\d.]*,\d+$/.test(n)) && numbers.every((n) => !/^\d+\.\d{1,2}$/.test(n));
  return { ...(dateFormat !== undefined && { dateFormat }), ...(decimalComma && { decimalComma }) };
}
