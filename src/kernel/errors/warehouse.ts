/** Errors of tasks, rules, counts and places that are full. */
export const warehouseErrors = {
  TASK_STATE: { kind: 'conflict', say: 'Task {task} is {status}: it cannot be {what} any more.' },
  TASK_TAKEN: {
    kind: 'conflict',
    say: 'Task {task} is with {assignee}; take another one, or have it assigned to you.',
  },
  TASK_EMPTY: {
    kind: 'unprocessable',
    say: 'There is nothing to do for this task: {reason} Name what is to be moved, with where it is to go.',
  },
  TASK_LINES_OPEN: {
    kind: 'conflict',
    say: '{open} lines of task {task} are open; give the reason why they are not done, or do them first.',
  },
  TASK_LINE_DONE: { kind: 'conflict', say: '{unit} was done already by {by}; go on with the next line.' },
  TASK_WRONG_UNIT: { kind: 'conflict', say: '{unit} is not on this task; put it back and take {wanted}.' },
  TASK_WRONG_PLACE: { kind: 'conflict', say: 'Nothing of this task is at {place}; go to {wanted}.' },
  TASK_SCAN_PLACE: {
    kind: 'conflict',
    say: 'This task fetches {unit} from {wanted}, not from {place}; scan the place where you are.',
  },
  TASK_NOT_HELD: { kind: 'conflict', say: '{unit} is not on hold; a sweep takes only what is held. Put it back.' },
  TASK_SCANS_NOTHING: { kind: 'unprocessable', say: 'A {kind} task is not done by moving units; use {instead}.' },
  MOVE_FROM: { kind: 'conflict', say: '{unit} is at {places}; scan the place that you take it from.' },
  PLACE_FULL: { kind: 'conflict', say: '{place} is full; choose another place, or make room there.' },
  PLACE_CATEGORY: {
    kind: 'conflict',
    say: '{place} takes {categories} only, and {unit} is {category}; choose another place.',
  },
  COUNT_SAME_PERSON: {
    kind: 'conflict',
    say: '{who} has counted this already; the second count is for somebody else.',
  },
  COUNT_AGAIN: {
    kind: 'conflict',
    say: 'Some differences are over {limit} % (COUNT_SECOND_PERCENT): close the count first, and have somebody else count again.',
  },
  COUNT_EMPTY: {
    kind: 'unprocessable',
    say: 'Nothing was counted yet; scan what is there, or say that there is nothing.',
  },
  COUNT_OPEN: {
    kind: 'conflict',
    say: 'Round {round} of this count is not closed: have it counted to the end first, then confirm what differs.',
  },
  COUNT_NOT_HERE: { kind: 'conflict', say: '{place} does not belong to this count of {counted}.' },
} as const;
