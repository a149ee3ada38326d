/** Owns "scan anything": from whatever was scanned or typed to the thing it means, saying how it was read. Changes nothing. */
export { ScanHttpModule } from './scan.module';
