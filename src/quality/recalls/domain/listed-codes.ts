/** The codes of a plain list, one by one: separated by commas, semicolons or line ends. Each once, in the order written. Pure. */
export function listedCodes(text: string): string[] {
  return [...new Set(text.split(/[,;\r\n\t]+/).map((code) => code.trim()))].filter((code) => code !== '');
}
