import { Module, OnApplicationBootstrap } from '@nestjs/common';
import { InterchangeHttpModule } from '@/exchange/interchange';
import { ReportsHttpModule } from '@/exchange/reports';
import { LedgerHttpModule } from '@/ledger';
import { HoldsHttpModule } from '@/operations/holds';
import { InstructionsHttpModule } from '@/operations/instructions';
import { ProductionHttpModule } from '@/operations/production';
import { ScanHttpModule } from '@/operations/scan';
import { TradeHttpModule } from '@/operations/trade';
import { WarehouseHttpModule } from '@/operations/warehouse';
import { AuditHttpModule } from '@/platform/audit';
import { AuthModule } from '@/platform/auth';
import { ConfigModule } from '@/platform/config';
import { DbModule } from '@/platform/db';
import { FilesModule } from '@/platform/files';
import { HealthModule } from '@/platform/health';
import { HttpModule, LoggingModule } from '@/platform/http';
import { JobsModule } from '@/platform/jobs';
import { Outbox, OutboxModule } from '@/platform/outbox';
import { AccountsHttpModule } from '@/quality/accounts';
import { NoticesHttpModule } from '@/quality/notices';
import { RecallsHttpModule } from '@/quality/recalls';
import { AccessHttpModule } from '@/reference/access';
import { CatalogHttpModule } from '@/reference/catalog';
import { PartnersHttpModule } from '@/reference/partners';
import { PlacesHttpModule } from '@/reference/places';
import { ViewsHttpModule } from '@/reference/views';
import { TraceHttpModule } from '@/trace';

/** The api: every module with its controllers. */
@Module({
  imports: [
    ConfigModule,
    LoggingModule,
    DbModule,
    JobsModule,
    OutboxModule,
    FilesModule,
    HttpModule,
    HealthModule,
    AuthModule,
    AccessHttpModule,
    AuditHttpModule,
    CatalogHttpModule,
    PlacesHttpModule,
    PartnersHttpModule,
    ViewsHttpModule,
    LedgerHttpModule,
    TraceHttpModule,
    InterchangeHttpModule,
    ReportsHttpModule,
    InstructionsHttpModule,
    ProductionHttpModule,
    HoldsHttpModule,
    ScanHttpModule,
    TradeHttpModule,
    WarehouseHttpModule,
    RecallsHttpModule,
    NoticesHttpModule,
    AccountsHttpModule,
  ],
})
export class AppModule implements OnApplicationBootstrap {
  constructor(private readonly outbox: Outbox) {}

  onApplicationBootstrap(): void {
    this.outbox.start();
  }
}
