import { Entry, row } from '../records';

/** The e-bike maker: items, bills of materials, places and partners. */
export function* bikeMaster(): Iterable<Entry> {
  const items: [item: string, name: string, tracking: string, uom: string, gtin: string, category: string][] = [
    ['EB-CITY', 'E-bike City 28"', 'serial', 'pcs', '09506000134352', 'finished'],
    ['BAT-48', 'Battery 48 V 14 Ah', 'serial', 'pcs', '09506000134369', 'battery'],
    ['MOT-250', 'Hub motor 250 W', 'serial', 'pcs', '', 'drive'],
    ['CTL-1', 'Motor controller', 'serial', 'pcs', '', 'electronics'],
    ['PCB-CTL', 'Controller board', 'serial', 'pcs', '', 'electronics'],
    ['FRAME-M', 'Frame, size M', 'serial', 'pcs', '', 'frame'],
    ['CELL-21700', 'Li-ion cell 21700, 3.5 Ah', 'lot', 'pcs', '', 'cell'],
    ['BAT-CASE', 'Battery case', 'lot', 'pcs', '', 'battery'],
    ['PCB-RAW', 'Bare board, panel of 1', 'lot', 'pcs', '', 'electronics'],
    ['CAP-100N', 'Capacitor 100 nF on reel', 'lot', 'pcs', '', 'electronics'],
    ['MCU-M4', 'Microcontroller on reel', 'lot', 'pcs', '', 'electronics'],
    ['SCREW-M5', 'Screw M5 × 16', 'lot', 'pcs', '', 'small parts'],
    ['TYRE-28', 'Tyre 28"', 'lot', 'pcs', '', 'wheels'],
    ['MANUAL', 'User manual', 'none', 'pcs', '', 'print'],
  ];
  for (const [item, name, tracking, uom, gtin, category] of items)
    yield row('items.csv', { item, name, tracking, uom, gtin, category });

  const boms: [item: string, component: string, quantity: number, position: string, substitutes?: string][] = [
    ['EB-CITY', 'FRAME-M', 1, 'FRAME'],
    ['EB-CITY', 'BAT-48', 1, 'BATTERY'],
    ['EB-CITY', 'MOT-250', 1, 'MOTOR'],
    ['EB-CITY', 'CTL-1', 1, 'CONTROLLER'],
    ['EB-CITY', 'SCREW-M5', 24, ''],
    ['EB-CITY', 'TYRE-28', 2, ''],
    ['EB-CITY', 'MANUAL', 1, ''],
    ['BAT-48', 'CELL-21700', 40, ''],
    ['BAT-48', 'BAT-CASE', 1, ''],
    ['CTL-1', 'PCB-CTL', 1, 'BOARD'],
    ['CTL-1', 'SCREW-M5', 4, ''],
    ['PCB-CTL', 'PCB-RAW', 1, ''],
    ['PCB-CTL', 'CAP-100N', 60, 'F12'],
    ['PCB-CTL', 'MCU-M4', 1, 'F01'],
  ];
  for (const [item, component, quantity, position] of boms)
    yield row('bom.csv', { item, revision: 'A', component, quantity, uom: 'pcs', position });

  const places: [place: string, parent: string, kind: string, name: string, zone?: string][] = [
    ['LYON', '', 'site', 'Works Lyon', 'Europe/Paris'],
    ['LYON.RM', 'LYON', 'area', 'Incoming goods and components'],
    ['LYON.SMT', 'LYON', 'area', 'Board line'],
    ['LYON.BAT', 'LYON', 'area', 'Battery shop'],
    ['LYON.ASM', 'LYON', 'area', 'Assembly'],
    ['LYON.FG', 'LYON', 'area', 'Finished goods'],
    ['LYON.SERVICE', 'LYON', 'area', 'Returns and repair'],
  ];
  for (const [place, parent, kind, name, zone] of places)
    yield row('places.csv', { place, parent, kind, name, time_zone: zone });

  const partners: [partner: string, name: string, kind: string, email: string, address: string, country: string][] = [
    ['S-VOLTA', 'Volta Cells Ltd', 'supplier', 'quality@volta.example', '4 Harbour Road, Busan', 'KR'],
    ['S-ELKO', 'Elko Components', 'supplier', 'service@elko.example', 'Werkstr. 8, Graz', 'AT'],
    ['S-RADO', 'Rado Frames and Motors', 'supplier', 'orders@rado.example', 'Via Roma 12, Torino', 'IT'],
    ['D-LYON', 'Vélo Bellecour', 'customer', 'atelier@bellecour.example', '3 Place Bellecour, Lyon', 'FR'],
    ['D-BERN', 'Velohaus Bern', 'customer', 'werkstatt@velohaus.example', 'Marktgasse 20, Bern', 'CH'],
    ['D-GENT', 'Fietsen Gent', 'customer', 'service@fietsengent.example', 'Veldstraat 5, Gent', 'BE'],
    ['D-KOLN', 'Rheinrad Köln', 'customer', 'info@rheinrad.example', 'Rheinufer 2, Köln', 'DE'],
  ];
  for (const [partner, name, kind, email, address, country] of partners)
    yield row('partners.csv', { partner, name, kind, email, phone: '', address, country });
}
