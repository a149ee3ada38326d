/** The few words that stand around a notice's own text, by language; English where we have no other. Pure. */
interface Words {
  item: string;
  code: string;
  quantity: string;
  documents: string;
  shipped: string;
  serials: (count: number) => string;
  full: (file: string) => string;
  inside: (unit: string) => string;
  answer: string;
  noLink: string;
  linkHidden: string;
  drill: string;
  reminder: (round: number) => string;
  escalation: string;
  page: (page: number, pages: number) => string;
}

const en: Words = {
  item: 'Product',
  code: 'Lot or serial',
  quantity: 'Quantity',
  documents: 'Delivery',
  shipped: 'Shipped',
  serials: (count) => `${count} serial numbers`,
  full: (file) => `All of them, one a row, are in ${file}.`,
  inside: (unit) => `inside ${unit}`,
  answer: 'Answer here',
  noLink: 'Please answer by phone or e-mail.',
  linkHidden: '(here stands the link of this consignee alone; it is not shown here)',
  drill: 'DRILL – NOT A RECALL – DO NOT SEND',
  reminder: (round) => `Reminder ${round}: we have not heard from you yet.`,
  escalation: 'We have not had an answer from your organization, and ask you to see to it.',
  page: (page, pages) => `Page ${page} of ${pages}`,
};
const de: Words = {
  item: 'Produkt',
  code: 'Los oder Seriennummer',
  quantity: 'Menge',
  documents: 'Lieferung',
  shipped: 'Versandt',
  serials: (count) => `${count} Seriennummern`,
  full: (file) => `Alle einzeln stehen in ${file}.`,
  inside: (unit) => `in ${unit}`,
  answer: 'Hier antworten',
  noLink: 'Bitte antworten Sie telefonisch oder per E-Mail.',
  linkHidden: '(hier steht der Link, den nur dieser Empfänger bekommt; er wird hier nicht gezeigt)',
  drill: 'ÜBUNG – KEIN RÜCKRUF – NICHT VERSENDEN',
  reminder: (round) => `Erinnerung ${round}: Wir haben noch keine Antwort von Ihnen.`,
  escalation: 'Wir haben aus Ihrem Haus keine Antwort erhalten und bitten Sie, sich darum zu kümmern.',
  page: (page, pages) => `Seite ${page} von ${pages}`,
};
const fr: Words = {
  item: 'Produit',
  code: 'Lot ou numéro de série',
  quantity: 'Quantité',
  documents: 'Livraison',
  shipped: 'Expédié',
  serials: (count) => `${count} numéros de série`,
  full: (file) => `La liste complète est dans ${file}.`,
  inside: (unit) => `dans ${unit}`,
  answer: 'Répondre ici',
  noLink: 'Merci de répondre par téléphone ou par e-mail.',
  linkHidden: '(ici figure le lien réservé à ce destinataire ; il n’est pas montré ici)',
  drill: 'EXERCICE – PAS UN RAPPEL – NE PAS ENVOYER',
  reminder: (round) => `Rappel n° ${round} : nous n’avons pas encore reçu votre réponse.`,
  escalation: 'Nous n’avons pas reçu de réponse de votre organisation et vous prions d’y veiller.',
  page: (page, pages) => `Page ${page} sur ${pages}`,
};
const WORDS: Record<string, Words> = { en, de, fr };

export const wordsOf = (language: string): Words => WORDS[language] ?? en;

/** Country (upper case) → the language that most people there read, as far as there are texts in it. */
export const COUNTRY_LANGUAGES: Readonly<Record<string, string>> = {
  DE: 'de',
  AT: 'de',
  LI: 'de',
  GERMANY: 'de',
  DEUTSCHLAND: 'de',
  AUSTRIA: 'de',
  FR: 'fr',
  FRANCE: 'fr',
  MC: 'fr',
  US: 'en',
  GB: 'en',
  IE: 'en',
};
