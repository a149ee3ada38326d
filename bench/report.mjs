export const report = (r) => '```json\n' + JSON.stringify(r, null, 1) + '\n```\n';
