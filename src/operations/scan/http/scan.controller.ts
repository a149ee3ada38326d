import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { IsNotEmpty, IsString, MaxLength } from 'class-validator';
import { RequirePermission } from '@/platform/auth';
import { Database } from '@/platform/db';
import { resolveScan } from '../queries';

class ScanDto {
  /** what the scanner sent, or what was typed: GS1, Digital Link, serial, lot, item, place, partner, document */
  @IsString() @IsNotEmpty() @MaxLength(1000) text: string;
}

@ApiTags('scan')
@Controller('scan')
export class ScanController {
  constructor(private readonly db: Database) {}

  @Post()
  @HttpCode(200)
  @RequirePermission('units:read')
  @ApiOperation({ summary: 'What a scan means: how it was read, what matches, and near matches when nothing does' })
  scan(@Body() body: ScanDto) {
    return resolveScan(this.db, body.text);
  }
}
