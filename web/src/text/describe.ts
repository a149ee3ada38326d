/** Words of a unit's own attributes, and of changing them. */
export const describeText = {
  title: 'Attributes',
  none: 'Nothing is recorded of it besides.',
  change: 'Change an attribute',
  name: 'Attribute',
  value: 'Value',
  valueWhy: 'Empty takes it off.',
  reason: 'Reason',
  record: 'Record the change',
  cancel: 'Cancel',
};
