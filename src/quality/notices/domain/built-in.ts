/** The texts that come with the product, by jurisdiction and language: own wording, to be completed where it says [[…]]. Pure. */
import type { NoticeText } from './template';

const US_EN: NoticeText = {
  subject: 'URGENT: PRODUCT RECALL – {{product}} ({{case}})',
  body: `# URGENT: PRODUCT RECALL {#headline}

{{date}}

To: {{consignee}}

We are recalling a product that we delivered to you. Please read this now and act on it today.

## Product {#product}
{{product}}

What you received of it, by our records:

{{lines}}

## Why {#reason}
{{reason}}

## Hazard {#hazard}
{{hazard}}

## Stop now {#stop}
Take everything listed above out of use and off sale at once, and keep it apart from other goods.

## What to do with it {#instructions}
{{doWhat}}

## Your own customers {#pass-on}
If you passed any of it on, tell those who have it now: give them this letter, and let us know whom you told.

## Tell us what you have {#reply}
Answer even if nothing is left. You need no account:

{{answerLink}}

Or reach {{contactName}}: {{contactPhone}} {{contactEmail}}
`,
};

const EU_EN: NoticeText = {
  subject: 'Product safety recall: {{product}} ({{case}})',
  body: `# Product safety recall {#headline}

{{date}}

To: {{consignee}}

## Product {#product}
{{product}}

Delivered to you, by our records:

{{lines}}

## How to recognize it {#picture}
[[Say where a picture of the product is, and where its lot or serial number stands on it.]]

## Why {#reason}
{{reason}}

## Hazard {#hazard}
{{hazard}}

## Stop using it {#stop}
Nobody should use or sell it any longer. Set it apart at once.

## What to do {#instructions}
{{doWhat}}

## What you get {#remedy}
[[Say what is offered to choose from: repair, replacement, refund.]]

## Pass it on {#pass-on}
Please tell everybody who may have this product, and give them this notice.

## Tell us what you have {#reply}
Answer even if nothing is left. You need no account:

{{answerLink}}

Questions, free of charge: {{contactName}} {{contactPhone}} {{contactEmail}}
`,
};

const EU_DE: NoticeText = {
  subject: 'Produktsicherheitsrückruf: {{product}} ({{case}})',
  body: `# Produktsicherheitsrückruf {#headline}

{{date}}

An: {{consignee}}

## Produkt {#product}
{{product}}

Nach unseren Unterlagen haben Sie erhalten:

{{lines}}

## Woran Sie es erkennen {#picture}
[[Sagen Sie, wo ein Bild des Produkts zu sehen ist und wo darauf Los- oder Seriennummer stehen.]]

## Warum {#reason}
{{reason}}

## Gefahr {#hazard}
{{hazard}}

## Nicht mehr verwenden {#stop}
Niemand darf das Produkt weiter verwenden oder verkaufen. Stellen Sie es sofort beiseite.

## Was zu tun ist {#instructions}
{{doWhat}}

## Was Sie bekommen {#remedy}
[[Sagen Sie, was zur Wahl steht: Reparatur, Ersatz, Erstattung.]]

## Weitersagen {#pass-on}
Bitte sagen Sie es allen, die das Produkt haben könnten, und geben Sie diese Mitteilung weiter.

## Sagen Sie uns, was Sie noch haben {#reply}
Antworten Sie auch, wenn nichts mehr da ist. Sie brauchen kein Konto:

{{answerLink}}

Fragen, kostenfrei: {{contactName}} {{contactPhone}} {{contactEmail}}
`,
};

const EU_FR: NoticeText = {
  subject: 'Rappel de produit : {{product}} ({{case}})',
  body: `# Rappel de produit pour raisons de sécurité {#headline}

{{date}}

À : {{consignee}}

## Produit {#product}
{{product}}

D’après nos registres, vous avez reçu :

{{lines}}

## Comment le reconnaître {#picture}
[[Dites où voir une image du produit, et où se trouve son numéro de lot ou de série.]]

## Pourquoi {#reason}
{{reason}}

## Danger {#hazard}
{{hazard}}

## Ne plus l’utiliser {#stop}
Personne ne doit plus utiliser ni vendre ce produit. Mettez-le de côté immédiatement.

## Que faire {#instructions}
{{doWhat}}

## Ce que vous obtenez {#remedy}
[[Dites ce qui est proposé au choix : réparation, remplacement, remboursement.]]

## Faites passer {#pass-on}
Merci de prévenir toutes les personnes qui pourraient avoir ce produit et de leur remettre cet avis.

## Dites-nous ce qu’il vous reste {#reply}
Répondez même s’il ne reste rien. Aucun compte n’est nécessaire :

{{answerLink}}

Questions, sans frais : {{contactName}} {{contactPhone}} {{contactEmail}}
`,
};

const BUILT_IN: Record<string, Record<string, NoticeText>> = {
  'US-FDA': { en: US_EN },
  'EU-GPSR': { en: EU_EN, de: EU_DE, fr: EU_FR },
};

/** Where a jurisdiction has no text of its own in this language, the nearest one: its English, or the English of the US. */
export function builtIn(jurisdiction: string, language: string): NoticeText {
  const texts = BUILT_IN[jurisdiction] ?? (/^EU\b/i.test(jurisdiction) ? BUILT_IN['EU-GPSR'] : undefined) ?? {};
  return texts[language] ?? texts.en ?? ofLanguage(language);
}

const ofLanguage = (language: string): NoticeText => (language === 'de' ? EU_DE : language === 'fr' ? EU_FR : US_EN);

export const BUILT_IN_TEXTS = Object.entries(BUILT_IN).flatMap(([jurisdiction, texts]) =>
  Object.entries(texts).map(([language, text]) => ({ jurisdiction, language, ...text })),
);
