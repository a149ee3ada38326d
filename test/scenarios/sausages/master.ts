import { Entry, row } from '../records';

/** The sausage kitchen: items, recipes, places and partners. */
export function* sausageMaster(): Iterable<Entry> {
  const items: [item: string, name: string, tracking: string, uom: string, gtin: string, category: string][] = [
    ['K-WIENER', 'Wiener sausages, packed', 'lot', 'kg', '09506000134376', 'finished'],
    ['K-BATTER', 'Sausage batter', 'lot', 'kg', '', 'intermediate'],
    ['K-REWORK', 'Rework batter', 'lot', 'kg', '', 'intermediate'],
    ['K-BRINE', 'Spiced brine in the tank', 'lot', 'kg', '', 'intermediate'],
    ['K-BRINE-BASE', 'Brine, plain', 'lot', 'kg', '', 'raw'],
    ['K-PORK', 'Pork shoulder', 'lot', 'kg', '', 'meat'],
    ['K-BEEF', 'Beef trimmings', 'lot', 'kg', '', 'meat'],
    ['K-PAPRIKA', 'Paprika powder', 'lot', 'kg', '', 'spice'],
    ['K-CASING', 'Sheep casing', 'lot', 'm', '', 'casing'],
    ['K-LABEL', 'Label roll', 'none', 'pcs', '', 'packaging'],
  ];
  for (const [item, name, tracking, uom, gtin, category] of items)
    yield row('items.csv', { item, name, tracking, uom, gtin, category });

  const boms: [item: string, component: string, quantity: string, uom: string][] = [
    ['K-BATTER', 'K-PORK', '0.6', 'kg'],
    ['K-BATTER', 'K-BEEF', '0.2', 'kg'],
    ['K-BATTER', 'K-BRINE', '0.2', 'kg'],
    ['K-BATTER', 'K-PAPRIKA', '5', 'g'],
    ['K-WIENER', 'K-BATTER', '1.05', 'kg'],
    ['K-WIENER', 'K-CASING', '1', 'm'],
    ['K-WIENER', 'K-LABEL', '4', 'pcs'],
  ];
  for (const [item, component, quantity, uom] of boms)
    yield row('bom.csv', { item, revision: '1', component, quantity, uom, effective_from: '2025-01-01' });

  const places: [place: string, parent: string, kind: string, name: string, zone?: string][] = [
    ['KIT', '', 'site', 'Kitchen Ulm', 'Europe/Berlin'],
    ['KIT.RM', 'KIT', 'area', 'Raw material cold store'],
    ['KIT.TANK', 'KIT', 'vessel', 'Brine tank'],
    ['KIT.CUT', 'KIT', 'area', 'Cutter and filler'],
    ['KIT.COLD', 'KIT', 'area', 'Cold store for finished goods'],
  ];
  for (const [place, parent, kind, name, zone] of places)
    yield row('places.csv', { place, parent, kind, name, time_zone: zone });

  const partners: [partner: string, name: string, kind: string, email: string, address: string, country: string][] = [
    ['S-ORIENT', 'Orient Gewürze GmbH', 'supplier', 'qs@orient.example', 'Hafenstr. 3, Hamburg', 'DE'],
    ['S-HOF', 'Hofgut Alb', 'supplier', 'verkauf@hofgut.example', 'Albweg 1, Münsingen', 'DE'],
    ['SHOP-A', 'Markthalle Ulm', 'customer', 'wurst@markthalle.example', 'Münsterplatz 7, Ulm', 'DE'],
    ['SHOP-B', 'Feinkost Neu-Ulm', 'customer', 'einkauf@feinkost.example', 'Donaustr. 12, Neu-Ulm', 'DE'],
    ['SHOP-C', 'Metzgerei Blau', 'customer', 'info@metzgereiblau.example', 'Hauptstr. 5, Blaubeuren', 'DE'],
    ['SHOP-D', 'Kantine Süd', 'customer', 'kueche@kantine.example', 'Industriestr. 40, Ulm', 'DE'],
  ];
  for (const [partner, name, kind, email, address, country] of partners)
    yield row('partners.csv', { partner, name, kind, email, phone: '+49 731 0000', address, country });
}
