import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject, IsOptional, IsString } from 'class-validator';
import type { Capacity } from '../domain/place';

/** Shape alone: which values are right, the module says. */
export class PutPlaceDto {
  @ApiProperty({ example: 'Raw material store' })
  @IsOptional()
  @IsString()
  name: string;

  @ApiProperty({ example: 'area', description: 'site, area, zone, bin, vessel …' })
  @IsOptional()
  @IsString()
  kind: string;

  @ApiPropertyOptional({ example: 'LYON' })
  @IsOptional()
  @IsString()
  parent?: string;

  @ApiPropertyOptional({
    example: 'Europe/Paris',
    description: 'of the IANA database; else that of the nearest place above',
  })
  @IsOptional()
  @IsString()
  timeZone?: string;

  @ApiPropertyOptional({
    example: { units: 12, quantity: { value: '500', uom: 'kg' }, categories: ['chemistry'], full: 'refuse' },
    description: 'what it can take, with all places below it; "full" says whether a scanner is warned or refused',
  })
  @IsOptional()
  @IsObject()
  capacity?: Record<string, unknown>;
}

export class PlaceView {
  @ApiProperty({ example: 'LYON.A' })
  place: string;

  @ApiProperty()
  name: string;

  @ApiProperty({ example: 'area' })
  kind: string;

  @ApiProperty({ type: String, nullable: true })
  parent: string | null;

  @ApiProperty({ type: String, nullable: true })
  timeZone: string | null;

  @ApiProperty({ type: Object, nullable: true })
  capacity: Capacity | null;
}
