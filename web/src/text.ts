/**
 * Every word of the console: another language is another object of this type. Sentences with numbers are functions,
 * because languages differ in more than words. The words themselves stand by area in text/.
 */
import { adminText } from './text/admin';
import { commonText } from './text/common';
import { describeText } from './text/describe';
import { floorText } from './text/floor';
import { holdsText } from './text/holds';
import { importsText, mapText } from './text/imports';
import { integrityText } from './text/integrity';
import { productionText } from './text/production';
import { recallsText } from './text/recalls';
import { recordsText } from './text/records';
import { shellText } from './text/shell';
import { termsText } from './text/terms';
import { traceText } from './text/trace';
import { tradeText } from './text/trade';
import { unitText } from './text/unit';
import { warehouseText } from './text/warehouse';

const en = {
  ...commonText,
  ...termsText,
  ...shellText,
  ...unitText,
  ...traceText,
  ...adminText,
  imports: importsText,
  map: mapText,
  describe: describeText,
  warehouse: warehouseText,
  floor: floorText,
  holds: holdsText,
  integrity: integrityText,
  production: productionText,
  trade: tradeText,
  recalls: recallsText,
  recordsMore: recordsText,
};

export type Catalogue = typeof en;
export const text: Catalogue = en;
