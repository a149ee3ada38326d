/**
 * Every error code of the product, with its kind and one sentence that says what is wrong and what to do.
 * `{name}` stands for a detail. Codes are part of the API: they are added, never renamed.
 */
import { accountErrors } from './accounts';
import { importErrors } from './imports';
import { holdErrors } from './holds';
import { containerErrors } from './containers';
import { instructionErrors } from './instructions';
import { warehouseErrors } from './warehouse';
import { termsErrors } from './terms';
import { productionErrors } from './production';
import { noticeErrors } from './notices';
import { recallErrors } from './recalls';
import { recordsErrors } from './records';
import { tradeErrors } from './trade';

export type ErrorKind =
  | 'malformed' // 400
  | 'unauthenticated' // 401
  | 'forbidden' // 403
  | 'not-found' // 404
  | 'conflict' // 409
  | 'gone' // 410
  | 'too-large' // 413
  | 'unsupported-type' // 415
  | 'unprocessable' // 422
  | 'too-many' // 429
  | 'internal' // 500
  | 'unavailable'; // 503

interface Entry {
  kind: ErrorKind;
  say: string;
}

const entries = {
  ...recallErrors,
  ...noticeErrors,
  ...accountErrors,
  ...productionErrors,
  // shape of a request
  BAD_REQUEST: { kind: 'malformed', say: 'The request cannot be read: {reason}' },
  BAD_JSON: { kind: 'malformed', say: 'The body is not valid JSON: {reason}' },
  VALIDATION: { kind: 'malformed', say: 'Some fields are wrong: {reason}' },
  UNKNOWN_FIELD: {
    kind: 'unprocessable',
    say: 'The field "{field}" is not known here; remove it or correct its name.',
  },
  FIELD_REQUIRED: { kind: 'unprocessable', say: 'The field "{field}" is required.' },
  FIELD_INVALID: { kind: 'unprocessable', say: 'The field "{field}" is wrong: {reason}' },
  BODY_TOO_LARGE: {
    kind: 'too-large',
    say: 'The body is larger than {limit} bytes ({setting}); send it in parts or as an import.',
  },
  TOO_MANY_EVENTS: {
    kind: 'too-large',
    say: 'One request holds at most {limit} events ({setting}); send them in parts or as an import.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    kind: 'unsupported-type',
    say: 'This content type is not read here: {type}. Send {expected}.',
  },
  NOT_FOUND: { kind: 'not-found', say: 'There is no {what} "{key}".' },
  ROUTE_NOT_FOUND: { kind: 'not-found', say: 'There is nothing at {path}; see /api/docs.' },
  INTERNAL: { kind: 'internal', say: 'Something went wrong inside; the request id {requestId} leads to the log line.' },
  UNAVAILABLE: { kind: 'unavailable', say: '{what} cannot be reached now; try again in a moment.' },

  // commands
  COMMAND_ID_REUSED: {
    kind: 'conflict',
    say: 'The id "{id}" was used before for something else; use a new id for a new command.',
  },

  // access
  UNAUTHENTICATED: { kind: 'unauthenticated', say: 'Sign in, or send an API key as "Authorization: Bearer <key>".' },
  BAD_CREDENTIALS: { kind: 'unauthenticated', say: 'The name or the password is wrong.' },
  FORBIDDEN: {
    kind: 'forbidden',
    say: 'This needs the permission "{permission}", which the role {role} does not have.',
  },
  USER_EXISTS: {
    kind: 'conflict',
    say: 'There is a user "{username}" already; choose another name, or change that user.',
  },
  API_KEY_EXISTS: {
    kind: 'conflict',
    say: 'There is an API key "{name}" already; revoke it first, or choose another name.',
  },
  LAST_ADMIN: { kind: 'conflict', say: '{username} is the last active administrator; make another one first.' },
  TOO_MANY_ATTEMPTS: { kind: 'too-many', say: 'Too many attempts; wait {seconds} seconds.' },

  // time, quantity, codes
  TIME_INVALID: { kind: 'unprocessable', say: '"{value}" in "{field}" is no ISO 8601 time with offset and no date.' },
  TIME_NEEDS_OFFSET: {
    kind: 'unprocessable',
    say: 'The time "{value}" in "{field}" has no offset; add Z or +01:00, or give the date alone.',
  },
  TIME_RANGE: { kind: 'unprocessable', say: '"from" ({from}) must be before "until" ({until}).' },
  ZONE_UNKNOWN: { kind: 'unprocessable', say: '"{zone}" is no time zone of the IANA database.' },
  QUANTITY_INVALID: { kind: 'unprocessable', say: 'The quantity "{value}" is wrong: {reason}' },
  UOM_UNKNOWN: {
    kind: 'unprocessable',
    say: 'The unit of measure "{uom}" cannot be converted to {base}, the base unit of {item}.',
  },

  // reference data
  UNKNOWN_ITEM: {
    kind: 'unprocessable',
    say: 'The item "{item}" is not known; create it first with PUT /api/v1/items/{item}, or in items.csv of the same import.',
  },
  UNKNOWN_PLACE: {
    kind: 'unprocessable',
    say: 'The place "{place}" is not known; create it first with PUT /api/v1/places/{place}, or in places.csv of the same import.',
  },
  UNKNOWN_PARTNER: {
    kind: 'unprocessable',
    say: 'The partner "{partner}" is not known; create it first with PUT /api/v1/partners/{partner}, or in partners.csv of the same import.',
  },
  ITEM_IN_USE: {
    kind: 'conflict',
    say: 'Item {item} has units already: its {field} cannot change. Create a new item instead.',
  },
  PLACE_CYCLE: { kind: 'conflict', say: 'Place {place} cannot be below {parent}: that would be a circle.' },

  // events
  EVENTS_REFUSED: {
    kind: 'unprocessable',
    say: '{count} events were refused and nothing was stored; "refused" says which and why. Mend them and send the request again.',
  },
  EVENT_TYPE_UNKNOWN: { kind: 'unprocessable', say: '"{type}" is no event type.' },
  EVENT_ID_REUSED: {
    kind: 'conflict',
    say: 'The event id "{id}" was used before with other content; use a new id, or void the earlier event.',
  },
  EVENT_UNKNOWN: { kind: 'unprocessable', say: 'There is no event "{event}" to void or correct.' },
  EVENT_ALREADY_VOID: { kind: 'conflict', say: 'The event "{event}" was voided already, by "{by}".' },
  VOID_OF_VOID: {
    kind: 'conflict',
    say: 'The event "{event}" is a void itself and cannot be voided; send the fact again under a new id.',
  },
  EVENT_TOO_WIDE: {
    kind: 'unprocessable',
    say: 'One event makes at most {limit} links ({setting}); this one would make {count}. Name the outputs of each input with "for", or split it.',
  },
  UNIT_KIND: { kind: 'unprocessable', say: '{item} {code} is a {actual}, not a {kind}.' },
  UNIT_NOT_TRACKED: { kind: 'unprocessable', say: 'Item {item} is not tracked: it has no units.' },
  UNIT_EXISTS: { kind: 'conflict', say: '{unit} exists already; use top-up to add to it, or another code.' },
  UNIT_UNKNOWN: { kind: 'unprocessable', say: 'There is no unit {unit}.' },
  SCAN_UNREADABLE: { kind: 'unprocessable', say: 'The scan "{scan}" names no item and serial or lot: {reason}' },
  SERIAL_EXISTS: {
    kind: 'conflict',
    say: 'Serial {unit} was made or received already by event "{event}"; a serial comes into being once.',
  },
  SERIAL_CONSUMED: {
    kind: 'conflict',
    say: 'Serial {unit} was consumed already by event "{event}" at {at}; void that event first if it is wrong.',
  },
  SERIAL_INSTALLED_AFTER_CONSUMED: {
    kind: 'conflict',
    say: 'Serial {unit} cannot be consumed at {at} and be installed at or after that: event "{event}" says otherwise; void or correct that one first if it is wrong.',
  },
  SERIAL_TWO_PLACES: {
    kind: 'conflict',
    say: 'Serial {unit} is installed in another parent at the same millisecond by event "{event}".',
  },
  SERIAL_NOT_DIVISIBLE: { kind: 'unprocessable', say: 'Serial {unit} cannot be split or merged.' },
  INPUT_IS_OUTPUT: { kind: 'unprocessable', say: 'Serial {unit} is an input and an output of one event.' },
  INPUTS_WITHOUT_OUTPUTS: { kind: 'unprocessable', say: 'The event has inputs and no outputs.' },
  NOT_HERE: {
    kind: 'conflict',
    say: '{unit} is not at {place}; the record has it at {actual}. Record the missing move first.',
  },
  NOT_IN_HOUSE: { kind: 'conflict', say: '{unit} is not in house: {state}. Record what is missing first.' },
  UNIT_ON_HOLD: { kind: 'conflict', say: '{unit} is on hold: {reason}.{ask} Release the hold first.' },
  UNIT_EXPIRED: { kind: 'conflict', say: '{unit} expired on {expires}.' },
  STOCK_SHORT: { kind: 'conflict', say: 'Only {available} {uom} of {unit} are there; {wanted} were asked for.' },
  ALREADY_INSTALLED: { kind: 'conflict', say: '{unit} is installed in {parent}; record its removal first.' },

  // traces
  SEEDS_REQUIRED: { kind: 'unprocessable', say: 'A trace needs at least one seed.' },
  SEED_UNKNOWN: { kind: 'unprocessable', say: 'There is no unit {unit} at ledger position {position}.' },
  FORWARD_ONLY: { kind: 'unprocessable', say: '"{field}" belongs to forward traces only.' },
  JUSTIFICATION_REQUIRED: { kind: 'unprocessable', say: 'A threshold needs a justification.' },
  POSITION_AHEAD: { kind: 'unprocessable', say: 'The ledger is at position {position}; {asked} has not come yet.' },
  TRACE_MEMORY_LIMIT: {
    kind: 'unprocessable',
    say: 'The walk met its memory limit of {limit} links ({setting}); nothing was shortened: raise the limit, or narrow the question.',
  },
  TRACE_TIMEOUT: {
    kind: 'unprocessable',
    say: 'The trace ran longer than {limit} seconds ({setting}) and was ended; nothing was shortened: raise the limit, or narrow the question.',
  },
  TRACE_WORKER_LOST: {
    kind: 'unprocessable',
    say: '{count} workers were lost while they computed this trace, most likely because memory ran out; give the worker more memory, or narrow the question.',
  },
  TOO_MANY_TRACES: {
    kind: 'too-many',
    say: '{waiting} of your traces wait already; at most {limit} may ({setting}). Wait until some are done, or cancel some.',
  },
  BLAST_NOT_DONE: {
    kind: 'conflict',
    say: 'No blast radius has been computed yet; POST /api/v1/blast-radius starts it.',
  },
  BLAST_FINAL: { kind: 'conflict', say: 'The run is {status} already: there is nothing left to cancel.' },
  TRACE_NOT_DONE: { kind: 'conflict', say: 'The trace is {status}; its result is there when it is done.' },
  TRACE_FINAL: { kind: 'conflict', say: 'The trace is {status} already: there is nothing left to cancel.' },
  TRACE_EXPIRED: {
    kind: 'gone',
    say: 'The lists of this trace were removed on {removedAt}; its question, position, digest and counts are kept. Ask it again to have them.',
  },
  INDEX_UNAVAILABLE: {
    kind: 'conflict',
    say: 'The index cannot answer: {reason}. Ask with source "auto" or "sql": the answer is the same.',
  },
  COMPARE_DIRECTIONS: {
    kind: 'unprocessable',
    say: 'A {one} trace cannot be compared with a {other} one: they answer different questions.',
  },
  NOT_IN_TRACE: {
    kind: 'not-found',
    say: '{unit} is not in this trace: no links lead there from what was asked about.',
  },

  // imports and files
  IMPORT_NO_FILES: { kind: 'unprocessable', say: 'There is no file here that an import reads; expected {expected}.' },
  IMPORT_FILE_UNREADABLE: { kind: 'unprocessable', say: 'The file {file} cannot be read: {reason}' },
  CSV_NOT_CSV: { kind: 'unprocessable', say: 'The file {file} is no CSV in UTF-8: {reason}' },
  CSV_COLUMN_MISSING: {
    kind: 'unprocessable',
    say: 'The column "{column}" is missing in {file}; its columns are: {found}.',
  },
  CSV_ROW_BROKEN: { kind: 'unprocessable', say: 'The row cannot be read: {reason}' },
  CSV_ROWS_DISAGREE: {
    kind: 'unprocessable',
    say: 'Row {row} of the same record says "{value}" in "{column}", this one says "{other}"; make them agree.',
  },
  CSV_GROUP_REFUSED: {
    kind: 'unprocessable',
    say: 'The row belongs to the same record as row {row}, which was refused; correct that row and import all rows of the record again.',
  },
  IMPORT_ZIP_LIMIT: { kind: 'unprocessable', say: 'The archive is refused: {reason}' },
  IMPORT_CANCELLED: { kind: 'conflict', say: 'The import is {status} and cannot be cancelled.' },
  ...importErrors,
  ...holdErrors,
  ...containerErrors,
  ...instructionErrors,
  ...termsErrors,
  ...recordsErrors,
  ...warehouseErrors,
  ...tradeErrors,
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof entries;
export const CATALOGUE: Record<ErrorCode, Entry> = entries;
