import { Module } from '@nestjs/common';
import { ScanController } from './http/scan.controller';

@Module({ controllers: [ScanController] })
export class ScanHttpModule {}
