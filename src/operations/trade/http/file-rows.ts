/** How units and files are called in what is downloaded. */
export const kindOf = (unit: object): string => ('lot' in unit ? 'lot' : 'serial' in unit ? 'serial' : 'run');
export const codeOf = (unit: object): string => Object.entries(unit).find(([key]) => key !== 'item')![1] as string;
export const fileName = (name: string): string => name.replace(/[^\w.-]+/g, '-');
