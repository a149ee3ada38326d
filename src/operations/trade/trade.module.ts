import { Module } from '@nestjs/common';
import { LedgerModule } from '@/ledger';
import { HoldsModule } from '@/operations/holds';
import { AskLabels } from './app/ask-labels';
import { CheckReceipt } from './app/check-receipt';
import { EndPick } from './app/end-pick';
import { Inspect } from './app/inspect';
import { KeepDocument } from './app/keep-document';
import { PackUnits } from './app/pack-units';
import { PutOrder } from './app/put-order';
import { PutAgreements } from './app/put-agreements';
import { ReceiveGoods } from './app/receive-goods';
import { RemovePlan } from './app/remove-plan';
import { ScanPick } from './app/scan-pick';
import { ShipGoods } from './app/ship-goods';
import { StartPick } from './app/start-pick';
import { TakeBack } from './app/take-back';
import { VoidReceipt } from './app/void-receipt';
import { VoidShipment } from './app/void-shipment';
import { AgreementsController } from './http/agreements.controller';
import { DocumentsController } from './http/documents.controller';
import { InspectionsController } from './http/inspections.controller';
import { AnnouncementsController, PurchaseOrdersController, SalesOrdersController } from './http/orders.controller';
import { PartnerRecordsController } from './http/partners.controller';
import { ReceivingController } from './http/receiving.controller';
import { ShippingController } from './http/shipping.controller';

@Module({ imports: [LedgerModule], providers: [PutOrder], exports: [PutOrder] })
export class TradeModule {}

/** Buying, receiving, picking, shipping and taking back, with their routes: loaded by the api. */
@Module({
  imports: [TradeModule, LedgerModule, HoldsModule],
  providers: [
    KeepDocument,
    PutAgreements,
    RemovePlan,
    CheckReceipt,
    ReceiveGoods,
    VoidReceipt,
    Inspect,
    AskLabels,
    StartPick,
    ScanPick,
    EndPick,
    PackUnits,
    ShipGoods,
    VoidShipment,
    TakeBack,
  ],
  controllers: [
    DocumentsController,
    AgreementsController,
    PurchaseOrdersController,
    SalesOrdersController,
    AnnouncementsController,
    ReceivingController,
    InspectionsController,
    ShippingController,
    PartnerRecordsController,
  ],
})
export class TradeHttpModule {}
