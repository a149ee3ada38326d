/** The part of pdfmake 0.3 that the report uses; the package brings no types. */
declare module 'pdfmake' {
  interface VirtualFiles {
    writeFileSync(name: string, content: Buffer): void;
  }
  export interface PdfDocument extends NodeJS.ReadableStream {
    provideFont(
      family: string,
      bold: boolean,
      italics: boolean,
    ): { font: { hasGlyphForCodePoint(code: number): boolean } };
    end(): void;
  }
  const pdfmake: {
    virtualfs: VirtualFiles;
    setFonts(fonts: Record<string, Record<'normal' | 'bold' | 'italics' | 'bolditalics', string>>): void;
    setUrlAccessPolicy(allow: (url: string) => boolean): void;
    setLocalAccessPolicy(allow: (path: string) => boolean): void;
    createPdf(definition: object): { getStream(): Promise<PdfDocument> };
  };
  export default pdfmake;
}
