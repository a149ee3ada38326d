/** Codes of finding things, and of what proves that the record is whole. */
export const recordsErrors = {
  SEARCH_EMPTY: {
    kind: 'unprocessable',
    say: 'There is nothing to look for: send words in "q", or narrow by item, partner or dates.',
  },
  ROOT_UNREADABLE: {
    kind: 'unprocessable',
    say: 'The file {file} is no root of this product; export one with "root --out".',
  },
  ROOT_SIGNATURE: {
    kind: 'conflict',
    say: 'The root in {file} was not signed by the holder of {key}, or was changed since: do not rely on it.',
  },
  KEY_UNREADABLE: {
    kind: 'unprocessable',
    say: 'The file {file} holds no key that can be used here; expected {expected}.',
  },
  KEY_NEEDED: {
    kind: 'unprocessable',
    say: 'There is no DATA_DIR to keep a key in: name one with --key, or set DATA_DIR.',
  },
} as const;
