/** Errors of handling instructions. */
export const instructionErrors = {
  INSTRUCTION_UNACKNOWLEDGED: {
    kind: 'conflict',
    say: 'Acknowledge first: {text} Send the command again with "{id}" in "acknowledged".',
  },
  INSTRUCTION_RETIRED: {
    kind: 'conflict',
    say: 'The instruction {instruction} was retired already by {by}: {reason} Put it again to have it back.',
  },
} as const;
