/** Errors of imports: their options, mappings, workbooks and dry runs. */
export const importErrors = {
  IMPORT_DRY_RUN_LIMIT: {
    kind: 'unprocessable',
    say: 'The files have {rows} rows, and a dry run takes at most {limit} ({setting}), because it holds what it touches until it ends. Try a part of them, or import: wrong rows are refused one by one.',
  },
  IMPORT_ID_USED: {
    kind: 'conflict',
    say: 'The id {id} belongs to another import. Send this one under an id of its own.',
  },
  IMPORT_STILL_RUNS: {
    kind: 'conflict',
    say: 'The import {id} still runs. Send its refused rows again when it has ended.',
  },
  IMPORT_MAPPING_WRONG: { kind: 'unprocessable', say: 'The mapping is wrong at "{field}": {reason}' },
  IMPORT_MAPPING_UNFIT: {
    kind: 'unprocessable',
    say: 'No file here has the columns of the mapping {mapping}: {missing} is missing. Choose another mapping, or map the columns again.',
  },
} as const;
