/** What a verification finds. */
export type FindingKind =
  | 'row-changed'
  | 'row-missing'
  | 'row-inserted'
  | 'row-unsealed'
  | 'leaf-changed'
  | 'seal-changed'
  | 'seal-missing'
  | 'position-without-seal'
  | 'not-verifiable'
  | 'orphan'
  | 'root-differs';

export interface Finding {
  kind: FindingKind;
  chain: 'ledger' | 'audit';
  table: string | null;
  /** the row, by its key in the table */
  id: string | null;
  /** what the row is about, in natural keys; null where it is gone */
  name: string | null;
  position: number | null;
  /** when the row was recorded (or, where it is gone, sealed), and by whom as far as the record says */
  recordedAt: string | null;
  actor: string | null;
  message: string;
}

export type Say = (finding: Finding) => void;
