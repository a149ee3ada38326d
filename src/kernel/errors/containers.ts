/** Containers, counts, and what is where in several places. */
export const containerErrors = {
  CONTAINER_SCAN_UNREADABLE: {
    kind: 'unprocessable',
    say: 'The scan "{scan}" names no container: {reason}. Scan its SSCC (00) again, or type its code.',
  },
  CONTAINER_NOT_HERE: {
    kind: 'conflict',
    say: 'Container {container} is not at {place}; the record has it at {actual}. Record the missing move first.',
  },
  CONTAINER_EMPTY: {
    kind: 'conflict',
    say: 'Nothing is packed in container {container}; pack it first, or name the units.',
  },
  UNIT_IN_CONTAINER: {
    kind: 'conflict',
    say: '{unit} is packed in container {container}; unpack it first, or name the container.',
  },
  NOT_IN_CONTAINER: {
    kind: 'conflict',
    say: '{unit} is not in container {container}; the record has it in {actual}. Record its packing first.',
  },
  PLACE_REQUIRED: {
    kind: 'unprocessable',
    say: '{unit} is in several places ({places}); say which one is meant.',
  },
} as const satisfies Record<string, { kind: 'unprocessable' | 'conflict'; say: string }>;
