/** Codes of finding things, and of what proves that the record is whole. */
export const recordsErrors = {
  SEARCH_EMPTY: {
    kind: 'unprocessable',
    say: 'There is nothing to look for: send words in "q", or narrow by item, partner or dates.',
  },
} as const;
